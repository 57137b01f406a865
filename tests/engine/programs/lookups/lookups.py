"""
Every lookup, at once and later, and what is done with the answers.
"""

import pulumi

import neetocal_provider as neetocal

template = neetocal.get_meeting_template(name="Intro call")
ada = neetocal.get_team_member(email="Ada@acme.example")
later = neetocal.get_team_member_output(email=pulumi.Output.from_input("ben@acme.example"))

link = neetocal.SchedulingLink(
    "intro", slug="intro", name="Intro", hosts=[ada.email, later.email], duration=30, template_id=template.id
)
theirs = neetocal.get_scheduling_link(slug="theirs")
read = neetocal.SchedulingLink.get("theirs", theirs.id)
call = neetocal.MeetingTemplate.get("call", template.id)

pulumi.export("again", neetocal.get_meeting_template(id=template.id).name)
pulumi.export("later", neetocal.get_meeting_template_output(name=later.apply(lambda _: "Deep dive")).slug)
pulumi.export("members", [member.email for member in neetocal.list_team_members()])
pulumi.export("everybody", neetocal.list_team_members_output().apply(len))
pulumi.export("links of ada", neetocal.list_scheduling_links_output(host=ada.email).apply(lambda found: len(found)))
pulumi.export("theirs", [link.slug for link in neetocal.list_scheduling_links(host="mei@acme.example")])
pulumi.export("mine", neetocal.get_scheduling_link_output(sid=link.id).slug)
pulumi.export("templates", [(each.slug, each.lead_time) for each in neetocal.list_meeting_templates()])
details = neetocal.get_scheduling_link_output(slug="theirs")
pulumi.export(
    "details", details.apply(lambda link: [link.lead_time, [fee.amount for fee in link.fees], link.created_at])
)
(hours,) = neetocal.list_availabilities(email="mei@acme.example")
pulumi.export("hours", [(each.wday, each.start_time) for each in neetocal.get_availability(id=hours.id).periods][:2])
free = neetocal.list_slots_output(link=link.id, month="2026-12", time_zone="Europe/London")
pulumi.export("free", free.apply(lambda slots: [slots[0].date, slots[0].start_time, slots[0].count]))
pulumi.export("later hours", neetocal.get_availability_output(id=pulumi.Output.from_input(hours.id)).default)
listed = neetocal.list_availabilities_output(email=ada.email)
pulumi.export(
    "listed",
    pulumi.Output.all(listed, neetocal.list_meeting_templates_output()).apply(lambda lists: [*map(len, lists)]),
)
pulumi.export("read", [read.name, read.url, read.hosts, read.duration, read.description])
pulumi.export("read template", [call.slug, call.kind, call.workspace])
