import { describe, expect, it } from "@jest/globals";
import { tagsOfMembers } from "../../../../../core/decide/fleet/preflight/subject.ts";

describe("members of what a preflight has named", () => {
  it.each([
    ["us-east-1/i-0123", []],
    ["us-east-1/group/web/blue", [{ "aws:autoscaling:groupName": "web/blue" }]],
    [
      "us-east-1/node-group/shop/workers",
      [
        { "eks:cluster-name": "shop", "eks:nodegroup-name": "workers" },
        { "aws:autoscaling:groupName": "workers" },
      ],
    ],
  ])("are found by the tags of Auto Scaling and EKS: %s", (id, tags) => {
    expect(tagsOfMembers(id)).toEqual(tags);
  });
});
