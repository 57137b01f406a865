/*
 * Shows one workspace of the emulator, as it changes.
 *
 * The emulator says that something has changed; the page then asks for what it shows,
 * and touches only the lines that differ, so that focus, scrolling and what is open stay.
 * Every value becomes text: nothing here writes HTML.
 */

const STEP = 100;
const LINKS = 200;
const POLL_MS = 2000;
const KEPT_HOSTS = 2;

const view = { workspace: "", group: "", filter: "", links: LINKS, templates: STEP, people: STEP, requests: STEP };
const known = { turn: 0, run: "", key: "", revision: "", after: 0, requests: [], isFirst: true };

const $ = (id) => document.getElementById(id);
/* Breaks a line only between the parts. */
const joined = (parts) => parts.map((part) => part.replaceAll(" ", "\u00a0")).join(", ");
const counted = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

// Elements

function node(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/* Make the children of `list` show `items`: the same item keeps its element, an element that can `update` keeps its place. */
function fill(list, items, keyOf, build, update) {
  const olds = new Map([...list.children].map((child) => [child.key, child]));
  const wanted = new Set(items.map(keyOf));
  for (const [key, child] of olds) if (!wanted.has(key)) child.remove();
  items.forEach((item, index) => {
    const key = keyOf(item);
    const old = olds.get(key);
    const child = old && (update || old.told === JSON.stringify(item)) ? old : built(item, key, build, old);
    if (update) update(child, item);
    if (list.children[index] !== child) list.insertBefore(child, list.children[index] ?? null);
  });
}

function built(item, key, build, old) {
  const child = build(item);
  child.key = key;
  child.told = JSON.stringify(item);
  if (!known.isFirst) child.classList.add("fresh");
  if (old) {
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(child);
    if (hadFocus) child.querySelector("a, summary")?.focus();
  }
  return child;
}

// Links and templates

function linkAddress(link) {
  return `/${encodeURIComponent(link.slug)}?${new URLSearchParams({ workspace: view.workspace })}`;
}

function fact(name, label, value, title = "") {
  return node("div", { class: name, ...(title && { title }) }, node("dt", { class: "hidden" }, label), node("dd", {}, value));
}

function hostNames(hosts) {
  const names = hosts.map((host) => host.name);
  const more = names.length - KEPT_HOSTS;
  return names.length ? joined(names.slice(0, KEPT_HOSTS)) + (more > 0 ? `\u00a0+${more}` : "") : "No host";
}

function lineOf(link, name) {
  const what = node("div", { class: "what" }, name, node("span", { class: "slug" }, `/${link.slug}`));
  if (link.is_disabled) what.append(" ", node("strong", { class: "badge" }, "Disabled"));
  const facts = node(
    "dl",
    {},
    fact("kind", "Kind", link.kind),
    fact("lengths", "Length", joined(link.lengths)),
    fact("places", "Place", link.places.join(", "), link.places.join("\n")),
    fact("hosts", "Hosts", hostNames(link.hosts), link.hosts.map((host) => `${host.name} ${host.email}`).join("\n")),
  );
  return node("li", { class: link.is_disabled ? "row off" : "row" }, what, facts);
}

const linkLine = (link) => lineOf(link, node("a", { href: linkAddress(link) }, link.name));
const templateLine = (template) => lineOf(template, node("span", { class: "name" }, template.name));

function groupOf() {
  const summary = node("summary", {}, node("h3"), node("span", { class: "note" }), node("span", { class: "size" }));
  return node("details", { class: "group", open: "" }, summary, node("ul", { class: "rows panel" }));
}

function showGroup(details, group) {
  details.querySelector("h3").textContent = group.title || "Others";
  details.querySelector(".note").textContent = group.note;
  details.querySelector(".size").textContent = counted(group.total, "link", "links");
  fill(details.querySelector("ul"), group.rows, (link) => link.sid, linkLine);
}

function showLinks(links) {
  const isFiltered = view.filter.trim() !== "";
  $("links-total").textContent = links.total.toLocaleString("en");
  $("links-count").textContent = isFiltered ? `${links.matching.toLocaleString("en")} of ${counted(links.total, "link", "links")}` : "";
  for (const radio of document.querySelectorAll("[name=group]")) radio.checked = radio.value === links.grouping;
  fill($("links-list"), links.groups, (group) => `${links.grouping} ${group.title} ${group.note}`, groupOf, showGroup);
  const shown = links.groups.reduce((sum, group) => sum + group.rows.length, 0);
  showMore("links", links.listed - shown);
  if (!links.total) showEmpty("links", ...firstSteps());
  else if (!links.matching) showEmpty("links", node("p", {}, `No link matches “${view.filter.trim()}”.`), clearButton());
  else showEmpty("links");
}

function showTemplates(templates) {
  $("templates-total").textContent = templates.total.toLocaleString("en");
  fill($("templates-list"), templates.rows, (template) => template.sid, templateLine);
  showMore("templates", templates.total - templates.rows.length);
  const hint = "No templates yet. They come from a seed, or from POST /api/external/v2/meeting-templates.";
  showEmpty("templates", ...(templates.total ? [] : [node("p", {}, hint)]));
}

// Team members

function personLine(person) {
  const name = node("span", { class: "name" }, person.name || person.email);
  const line = node("li", { class: person.is_active ? "person" : "person off" }, name);
  if (!person.is_active) line.append(node("strong", { class: "badge" }, "Inactive"));
  if (person.role === "Admin") line.append(node("span", { class: "tag" }, "Admin"));
  line.append(node("span", { class: "note" }, person.name ? `${person.email} · ${person.time_zone}` : person.time_zone));
  return line;
}

function showPeople(people) {
  $("people-total").textContent = people.total.toLocaleString("en");
  fill($("people-list"), people.rows, (person) => person.id, personLine);
  showMore("people", people.total - people.rows.length);
  const hint = "Nobody here yet. Add people in a seed, or with POST /api/external/v2/team-members.";
  showEmpty("people", ...(people.total ? [] : [node("p", {}, hint)]));
}

// Requests

function requestLine(request) {
  const [, version = "", path] = request.path.match(/^\/api\/external\/(v\d+)(\/.*)$/) ?? [null, "", request.path];
  const at = new Date(request.at);
  const fault = request.faults.length ? [node("em", {}, "fault"), " "] : [];
  const summary = node(
    "summary",
    {},
    node("time", { datetime: request.at, title: request.at }, at.toLocaleTimeString("en", { hour12: false })),
    node("span", { class: "method" }, request.method),
    node("span", { class: "path", title: request.path }, node("small", {}, version), ...fault, path),
    node("span", { class: `status ${statusClass(request.status)}` }, request.status ?? "cut"),
    node("span", { class: "took" }, `${request.duration_ms.toFixed(1)} ms`),
  );
  const details = node("details", {}, summary);
  details.addEventListener("toggle", () => details.open && showExchange(details, request), { once: true });
  return node("li", {}, details);
}

function statusClass(status) {
  if (status === null || status >= 500) return "failed";
  return status >= 400 ? "refused" : "fine";
}

async function showExchange(details, request) {
  const response = await fetch(`/_emulator/requests/${request.number}`, { cache: "no-store" }).catch(() => null);
  const answer = response && (await response.json());
  if (!response?.ok) {
    details.append(node("p", { class: "exchange" }, answer?.error ?? "The emulator does not answer."));
    return;
  }
  const facts = [
    ["Path", request.path],
    ["Query", answer.query],
    ["Key", answer.key ?? "none"],
    ["Workspace", answer.workspace ?? "none: the key was refused"],
    ["Rests on", answer.facts.join(", ")],
    ["Fault", answer.faults.join(", ")],
  ].filter(([, value]) => value);
  const pairs = facts.map(([term, value]) => node("div", {}, node("dt", {}, term), node("dd", {}, value)));
  details.append(node("div", { class: "exchange" }, node("dl", {}, ...pairs), ...told("Request", answer.sent), ...told("Answer", answer.answered)));
}

function told(title, text) {
  if (!text) return [node("p", { class: "nothing" }, `${title}: no body`)];
  return [node("h3", {}, title), node("pre", { tabindex: "0", "aria-label": `${title} body` }, text)];
}

function showJournal(journal) {
  const rows = [...journal.rows, ...known.requests].filter((row) => row.number >= journal.first);
  known.requests = rows.slice(0, view.requests);
  known.after = journal.last;
  fill($("requests-list"), known.requests, (row) => row.number, requestLine);
  $("requests-total").textContent = journal.total.toLocaleString("en");
  showMore("requests", journal.total - known.requests.length, "older");
  const hint = [node("p", {}, "Nothing was asked yet. The API listens here:"), node("pre", {}, `${location.origin}/api/external/v2`)];
  showEmpty("requests", ...(rows.length ? [] : hint));
}

// Around the lists

function firstSteps() {
  const exports = { NEETOCAL_BASE_URL: location.origin, NEETOCAL_API_KEY: known.key, NEETOCAL_WORKSPACE: view.workspace };
  const lines = Object.entries(exports).map(([name, value]) => `export ${name}=${value}\n`);
  return [
    node("h3", {}, "No links yet"),
    node("p", {}, "Deploy some to this emulator:"),
    node("pre", { tabindex: "0", "aria-label": "Commands" }, ...lines, "pulumi up"),
    node("p", {}, "Or with an emulator that lives as long as the command: ", node("code", {}, "neetocal-emulator run -- pulumi up")),
  ];
}

function clearButton() {
  const button = node("button", { type: "button" }, "Clear the filter");
  button.addEventListener("click", () => {
    $("filter").value = "";
    $("filter").focus();
    look({ filter: "" });
  });
  return button;
}

function showEmpty(name, ...children) {
  const text = children.map((child) => child.textContent).join("\n");
  const place = $(`${name}-empty`);
  if (place.told !== text) place.replaceChildren(...children);
  place.told = text;
  place.hidden = !children.length;
  $(`${name}-list`).hidden = Boolean(children.length);
}

function showMore(name, left, word = "more") {
  const button = $(`${name}-more`);
  button.hidden = left <= 0;
  button.textContent = `Show ${Math.min(STEP, left).toLocaleString("en")} ${word}`;
  if (left > STEP) button.textContent += ` of ${left.toLocaleString("en")}`;
}

function showAltered(texts) {
  $("altered").hidden = !texts.length;
  $("altered").textContent = `Changed behaviour: ${texts.join(" · ")}`;
}

function showWorkspaces(answer) {
  const options = answer.workspaces.map((name) => ({ name }));
  fill($("workspace"), options, (each) => each.name, (each) => node("option", {}, each.name));
  $("workspace").value = answer.workspace;
  document.title = `${answer.workspace} · neetoCal emulator`;
}

function show(answer) {
  view.workspace = answer.workspace;
  known.key = answer.key ?? known.key;
  known.revision = answer.revision;
  showWorkspaces(answer);
  showAltered(answer.altered);
  showJournal(answer.journal);
  if (answer.catalog) {
    showLinks(answer.catalog.links);
    showTemplates(answer.catalog.templates);
    showPeople(answer.catalog.people);
  }
  known.isFirst = false;
}

// Asking

/* Change what is looked at: the address follows, and everything is asked anew. */
function look(changes) {
  Object.assign(view, changes);
  known.turn += 1;
  endRest();
  const { workspace, group, filter } = view;
  const named = Object.entries({ workspace, group, filter }).filter(([, value]) => value);
  history.replaceState(null, "", `${location.pathname}?${new URLSearchParams(named)}${location.hash}`);
  forget();
  refresh();
}

function forget() {
  Object.assign(known, { revision: "", after: 0, requests: [], isFirst: true });
}

async function ask() {
  const query = new URLSearchParams({ ...view, revision: known.revision, after: known.after });
  const response = await fetch(`/_emulator/overview?${query}`, { cache: "no-store" });
  if (response.status === 404 && view.workspace) {
    view.workspace = "";
    forget();
    return ask();
  }
  if (!response.ok) throw new Error(`The emulator answered ${response.status}.`);
  const answer = await response.json();
  if (known.run && answer.run !== known.run) {
    // Another emulator on the same port: its numbers begin anew.
    known.run = answer.run;
    forget();
    return ask();
  }
  known.run = answer.run;
  return answer;
}

const MOST_REST_MS = 3000;
let isAsking = false;
let isStale = false;
let endRest = () => {};

/* Ask and show; never twice at once, and with a rest that leaves the emulator most of its time for others. */
async function refresh() {
  isStale = true;
  if (isAsking) return;
  isAsking = true;
  while (isStale) {
    isStale = false;
    const turn = known.turn;
    const answer = await ask().catch(() => null);
    if (answer && turn === known.turn) show(answer);
    if (!document.hidden) {
      tell(connection(answer));
      if (!answer) keepPolling();
      else if ($("state").dataset.state === "live") stopPolling();
    }
    if (isStale && turn === known.turn) await rest(4 * (answer?.took_ms ?? 0));
  }
  isAsking = false;
}

/* Wait, but no longer than until somebody wants to see something else. */
function rest(milliseconds) {
  return new Promise((resolve) => {
    endRest = resolve;
    setTimeout(resolve, Math.min(milliseconds, MOST_REST_MS));
  });
}

// Listening

const STATES = { connecting: "Connecting", live: "Live", polling: "Polling", lost: "Not reachable", paused: "Paused" };
let stream = null;
let poll = null;

function connection(answer) {
  if (!answer) return "lost";
  return stream?.readyState === EventSource.OPEN ? "live" : "polling";
}

function tell(state) {
  if ($("state").dataset.state === state) return;
  $("state").dataset.state = state;
  $("state").textContent = STATES[state];
}

function listen() {
  stream?.close();
  stream = new EventSource("/_emulator/events");
  stream.addEventListener("change", () => {
    stopPolling();
    refresh();
  });
  stream.addEventListener("error", startPolling);
}

/* Until events come again; a stream that the browser has given up is opened anew. */
function startPolling() {
  keepPolling();
  refresh();
}

function keepPolling() {
  poll ??= setInterval(() => {
    refresh();
    if (stream?.readyState === EventSource.CLOSED) listen();
  }, POLL_MS);
}

function stopPolling() {
  clearInterval(poll);
  poll = null;
}

/* A hidden tab holds no connection: a browser has few of them for each server. */
function pause() {
  stopPolling();
  stream?.close();
  stream = null;
  tell("paused");
}

// Wiring

function wire() {
  let typing;
  $("filter").value = view.filter;
  $("filter").addEventListener("input", (event) => {
    clearTimeout(typing);
    typing = setTimeout(() => look({ filter: event.target.value, links: LINKS }), 100);
  });
  $("workspace").addEventListener("change", (event) => look({ workspace: event.target.value, links: LINKS }));
  for (const radio of document.querySelectorAll("[name=group]")) {
    radio.addEventListener("change", () => look({ group: radio.value, links: LINKS }));
  }
  for (const name of ["links", "templates", "people", "requests"]) {
    $(`${name}-more`).addEventListener("click", () => look({ [name]: view[name] + STEP }));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, select")) return;
    event.preventDefault();
    $("filter").focus();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? pause() : listen()));
}

const asked = new URLSearchParams(location.search);
for (const name of ["workspace", "group", "filter"]) view[name] = asked.get(name) ?? "";
wire();
if (document.hidden) pause();
else listen();
refresh();
