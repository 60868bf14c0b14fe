import { describe, expect, it } from "@jest/globals";
import { keyFindings } from "../../../../core/decide/switch/key-findings.ts";
import { groupKeyWords, instanceKeyWords } from "../../../../core/decide/switch/key-words.ts";
import { unreadKeys } from "../../../../core/decide/switch/unread-keys.ts";
import type { FoundKey } from "../../../../core/model/kms-key.ts";

const roles = {
  accountId: "444455556666",
  roleArn: "arn:aws:iam::444455556666:role/Ours",
} as Parameters<typeof keyFindings>[1];
const head = { keyId: "arn:aws:kms:us-east-1:444455556666:key/one", of: ["vol-1", "vol-2"] };
const found = (key: Partial<FoundKey>): FoundKey => ({
  ...head,
  kind: "FOUND",
  isLaunched: true,
  state: "Enabled",
  ...key,
});

describe("keys that could be read", () => {
  it.each([
    found({}),
    found({ access: { role: { kind: "OPEN" }, spot: { kind: "OPEN" } } }),
    found({ access: { role: { kind: "OPEN" } }, isLaunched: false }),
    // A state that KMS may have some day: not known to hinder, so it refuses nothing.
    found({ state: "Resting" }),
  ])("say nothing where nothing stands against them", (key) => {
    expect(unreadKeys([key], instanceKeyWords)).toBeUndefined();
    expect(keyFindings([key], roles, instanceKeyWords)).toEqual([]);
  });

  it("are all named that stand against it, each with its command", () => {
    const other = `${head.keyId}-2`;
    const closed = { role: { kind: "CLOSED" }, spot: { kind: "CLOSED" } } as const;
    const findings = keyFindings(
      [found({ access: closed }), found({ keyId: other, access: closed })],
      roles,
      instanceKeyWords,
    );
    expect(findings.map(({ code }) => code)).toEqual([
      "KEY_CLOSED_TO_SPOT",
      "KEY_CLOSED_TO_ROLE",
      "KEY_CLOSED_TO_SPOT",
      "KEY_CLOSED_TO_ROLE",
    ]);
    expect(findings.at(-1)?.sentence).toContain(`--key-id ${other} --region us-east-1`);
    expect(findings[0]?.sentence).toContain("vol-1 and vol-2");
  });
});

describe("keys that could not be read", () => {
  it("are told, with the time at which it would show", () => {
    const unread = { ...head, kind: "UNREAD", because: "DescribeKey: AccessDenied" } as const;
    expect(unreadKeys([{ ...unread, isLaunched: true }], instanceKeyWords)).toBe(
      `Not read beforehand: the key ${head.keyId} of vol-1 and vol-2 (DescribeKey: AccessDenied); if it cannot be used, EC2 ends the replacement at its start, before the original is stopped.`,
    );
    expect(unreadKeys([{ ...unread, isLaunched: false }], instanceKeyWords)).toContain(
      "rolled back after the original was stopped",
    );
    expect(unreadKeys([{ ...unread, isLaunched: true }], groupKeyWords)).toContain(
      "EC2 ends the replacement at its start, before it is attached",
    );
    expect(keyFindings([{ ...unread, isLaunched: true }], roles, instanceKeyWords)).toEqual([]);
  });

  it("are told where only who may use them could not be read, or where their name is not known", () => {
    const because = "GetKeyPolicy: AccessDenied";
    const key = found({ access: { role: { kind: "OPEN" }, spot: { kind: "UNREAD", because } } });
    expect(unreadKeys([key], instanceKeyWords)).toContain(
      `whether AWS's role for Spot may use it (${because})`,
    );
    expect(unreadKeys([key], instanceKeyWords)).not.toContain("our role");
    const nameless = {
      kind: "UNREAD",
      of: ["snap-1"],
      isLaunched: true,
      because: "EC2 does not show it",
    } as const;
    expect(unreadKeys([nameless], instanceKeyWords)).toContain(
      "the key of snap-1 (EC2 does not show it)",
    );
  });
});
