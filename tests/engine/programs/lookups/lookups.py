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
pulumi.export("read", [read.name, read.url, read.hosts, read.duration, read.description])
pulumi.export("read template", [call.slug, call.kind, call.workspace])
