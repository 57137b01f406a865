package main

import (
	"example.com/pulumi-neetocal/sdk/go/neetocal"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		ada, err := neetocal.GetTeamMember(ctx, &neetocal.GetTeamMemberArgs{Email: "ada@acme.example"})
		if err != nil {
			return err
		}
		demo, err := neetocal.NewSchedulingLink(ctx, "demo", &neetocal.SchedulingLinkArgs{
			Slug:                          pulumi.String("sales-demo"),
			Name:                          pulumi.String("Product demo"),
			Hosts:                         pulumi.ToStringArray([]string{ada.Email, "ben@acme.example"}),
			Kind:                          neetocal.KindRoundRobin,
			Duration:                      pulumi.Int(45),
			Is_multiple_durations_allowed: pulumi.Bool(true),
			Durations: neetocal.DurationOptionArray{
				neetocal.DurationOptionArgs{Duration: pulumi.Int(45), Is_default: pulumi.Bool(true)},
				neetocal.DurationOptionArgs{Duration: pulumi.Int(60)},
			},
		})
		if err != nil {
			return err
		}
		support, err := neetocal.NewTeamLinks(ctx, "support", &neetocal.TeamLinksArgs{
			Members: pulumi.Array{
				pulumi.String("ada@acme.example"),
				neetocal.MemberArgs{Email: pulumi.String("ben@acme.example"), Name: pulumi.String("Ben Lindqvist")},
			},
			Links: neetocal.TeamLinkMap{
				"call-back": neetocal.TeamLinkArgs{
					Name:     pulumi.String("Call back by {team}"),
					Kind:     neetocal.KindRoundRobin,
					Duration: pulumi.Int(15),
				},
			},
			Member_links: neetocal.MemberLinkMap{
				"help": neetocal.MemberLinkArgs{Name: pulumi.String("Help from {first_name}"), Duration: pulumi.Int(30)},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("book a demo", demo.Url)
		ctx.Export("team", support.Urls)
		return nil
	})
}
