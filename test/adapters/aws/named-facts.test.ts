import { describe, expect, it } from "@jest/globals";
import { factKindOf } from "../../../adapters/aws/named-facts.ts";

describe("the fact that a code names", () => {
  it.each([
    ["TagLimitExceeded", "tags"],
    ["Client.AttachmentLimitExceeded", "attachments"],
    ["Unsupported", "type"],
    ["UnauthorizedOperation", undefined],
    ["VcpuLimitExceeded", undefined],
    ["InsufficientInstanceCapacity", undefined],
  ])("for %s is %s", (code, kind) => {
    expect(factKindOf(code)).toBe(kind);
  });
});
