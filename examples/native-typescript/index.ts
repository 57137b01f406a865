import * as neetocal from "@pulumi/neetocal";

const ada = neetocal.getTeamMemberOutput({ email: "ada@acme.example" });

const demo = new neetocal.SchedulingLink("demo", {
    slug: "sales-demo",
    name: "Product demo",
    hosts: [ada.email, "ben@acme.example"],
    kind: neetocal.Kind.RoundRobin,
    duration: 45,
    is_multiple_durations_allowed: true,
    durations: [{ duration: 45, is_default: true }, { duration: 60 }],
});

export const bookADemo = demo.url;

const support = new neetocal.TeamLinks("support", {
    members: ["ada@acme.example", { email: "ben@acme.example", name: "Ben Lindqvist" }],
    links: {
        "call-back": { name: "Call back by {team}", kind: neetocal.Kind.RoundRobin, duration: 15 },
    },
    member_links: {
        "help": { name: "Help from {first_name}", duration: 30 },
    },
});

export const team = support.urls;
