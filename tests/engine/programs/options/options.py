"""
Links named after an option of Pulumi each: `step.json` says which are left out, and what else the step needs.
"""

import json
from pathlib import Path
from typing import Any

import pulumi

from neetocal_provider import Provider, SchedulingLink

step: dict[str, Any] = json.loads(Path("step.json").read_text())
number: int = step["number"]
former = 3 - number
links: dict[str, SchedulingLink] = {}


def link(option: str, opts: pulumi.ResourceOptions, resource_name: str | None = None, **arguments: Any) -> None:
    """
    Declare a link that is named after an option, unless the step leaves it out.
    """
    if option not in step["left_out"]:
        given = {"slug": option.replace("_", "-"), "name": option, "hosts": ["ada@acme.example"], "duration": 30}
        links[option] = SchedulingLink(resource_name or option, **{**given, **arguments}, opts=opts)


def noted(args: pulumi.ResourceHookArgs) -> None:
    """
    Leave a file that says which link was created.
    """
    Path("hooked.txt").write_text(args.name)


def renamed(args: Any, result: Any) -> Any:
    """
    Return the same resource with another name and slug.
    """
    return result({**args.props, "name": "Transformed", "slug": f"{args.props['slug']}-2"}, args.opts)


def read_again(urn: str) -> pulumi.Output[str]:
    """
    Return the sid of a link that the program has registered.
    """
    return SchedulingLink("urn", slug="urn", name="urn", hosts=[], duration=30, opts=Options(urn=urn)).id


Options = pulumi.ResourceOptions
group = pulumi.ComponentResource("mine:index:Group", "group", None)
second = {"name": f"Name {number}"}
link("parent", Options(parent=group))
link("protect", Options(protect=True))
link("ignore_changes", Options(ignore_changes=["name"]), **second)
link("aliases", Options(aliases=[pulumi.Alias(name=f"aliases-{former}")]), resource_name=f"aliases-{number}")
later = pulumi.Output.from_input(f"aliases_later-{former}").apply(lambda name: pulumi.Alias(name=name))
link("aliases_later", Options(aliases=[later]), resource_name=f"aliases_later-{number}")
link("additional_secret_outputs", Options(additional_secret_outputs=["url"]))
link("transformations", Options(transformations=[lambda args: renamed(args, pulumi.ResourceTransformationResult)]))
link("transforms", Options(transforms=[lambda args: renamed(args, pulumi.ResourceTransformResult)]))
link("hooks", Options(hooks=pulumi.ResourceHookBinding(after_create=[pulumi.ResourceHook("noted", noted)])))
link("replace_on_changes", Options(replace_on_changes=["name"]), **second)
link("replacement_trigger", Options(replacement_trigger=number, delete_before_replace=True))
link("hide_diffs", Options(hide_diffs=["description"]), description=f"Hidden {number}")
link("retain_on_delete", Options(retain_on_delete=True))
link(
    "delete_before_replace",
    Options(delete_before_replace=True, replace_on_changes=["name"]),
    slug=f"delete-before-replace-{number}",
    **second,
)
link("custom_timeouts", Options(custom_timeouts=pulumi.CustomTimeouts(create=step["timeout"])))
if "parent" in links:
    link("depends_on", Options(depends_on=[links["parent"]]))
    link("deleted_with", Options(deleted_with=links["parent"]))
    link("replace_with", Options(replace_with=[links["replace_on_changes"]]))
mapped = Provider(
    "mapped",
    workspace="globex",
    base_url=step["url"],
    opts=Options(env_var_mappings={"GLOBEX_KEY": "NEETOCAL_API_KEY"}),
)
for option, opts in {
    "env_var_mappings": Options(provider=mapped),
    "provider": Options(provider=mapped),
    "providers": Options(providers=[mapped]),
    "providers_of_parent": Options(
        parent=pulumi.ComponentResource("mine:index:Group", "other", None, Options(providers=[mapped]))
    ),
}.items():
    link(option, opts, hosts=["omar@globex.example"])
if "state_migrations" in step:
    link("state_migrations", Options(state_migrations=[lambda _args: None]))
for read in ("id", "import_", "version", "plugin_download_url"):
    if read in step:
        link(
            read,
            Options(**{read: step[read]}),
            slug=step.get("slug", read.replace("_", "-")),
            name=step.get("name", read),
        )
if "urn" in step:
    pulumi.export("urn", links["parent"].urn.apply(read_again))
