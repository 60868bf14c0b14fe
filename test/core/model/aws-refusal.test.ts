import { describe, expect, it } from "@jest/globals";
import { readRefusalSentence, refusalSentence } from "../../../core/model/aws-refusal.ts";

const refusals = [
  { action: "CreateTags", resource: "i-1", code: "TagLimitExceeded", message: "At most 50." },
  { action: "DescribeRegions", code: "Client.UnauthorizedOperation", message: "No: not you." },
  { action: "RegisterTargets", resource: "arn:aws:elb:x:1:tg/a/b", code: "E", message: "a\nb" },
  { action: "AssociateAddress", resource: "eipalloc-1 to eni-1", code: "X", message: "y" },
  { action: "AttachVolume", resource: "vol-1", code: "InvalidVolume.ZoneMismatch", message: "" },
] as const;

describe("the sentence of a refusal", () => {
  it.each(refusals)("of $action gives back what it was made of", (refusal) => {
    expect(readRefusalSentence(refusalSentence(refusal))).toEqual(refusal);
  });

  it.each([
    "The image ami-1 was not ready within 120 min. Next: raise image_deadline_minutes.",
    "EC2 could not make the final image ami-1: it failed: Client.InternalError: x",
    "203.0.113.7 is now at i-2: somebody else moved it.",
    "",
  ])("is not seen in %j", (sentence) => {
    expect(readRefusalSentence(sentence)).toBeUndefined();
  });
});
