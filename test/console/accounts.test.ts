/** Accounts in the console: what their role lacks, and what a verification has found that somebody must see to. */
import { describe, expect, it } from "@jest/globals";
import {
  missingIn,
  missingText,
  nextStep,
  troublesOf,
  type Verification,
} from "../../console/accounts/permissions.ts";

const checked = "2026-11-29T09:00:00.000Z";

const stop = { feature: "linear", action: "ec2:StopInstances", regions: ["eu-central-1"] };
const run = { feature: "on-demand-fallback", action: "ec2:RunInstances", regions: ["a", "b"] };

const passed: Verification = {
  account_id: "444455556666",
  verified: true,
  status: "ACTIVE",
  checked_at: checked,
  checks: [{ check: "role_assumable", outcome: "PASSED", message: "It can be assumed." }],
  features: [{ feature: "read", status: "GRANTED", missing: [], unproved: [] }],
  on_demand_fallback: "GRANTED",
  keys: [],
  keys_are_part: false,
  snapshots: [{ region: "eu-central-1", status: "ENOUGH", message: "Enough." }],
  events: [],
};

const permission = { action: "ec2:StopInstances", region: "eu-central-1", reason: "Denied" };

const failed: Verification = {
  ...passed,
  verified: false,
  checks: [
    ...passed.checks,
    { check: "permissions_granted", outcome: "FAILED", message: "Update the stack." },
  ],
  features: [
    { feature: "linear", status: "INCOMPLETE", missing: [permission], unproved: [] },
    { feature: "waste", status: "ABSENT", missing: [permission], unproved: [] },
  ],
  keys: [{ key_id: "k", region: "a", volumes: [], status: "UNUSABLE", message: "Mend it." }],
  snapshots: [{ region: "a", status: "USED_UP", message: "Ask for more." }],
};

describe("an account in the console", () => {
  it("tells the first action that its role lacks and how many more, and tells never from none", () => {
    const texts = [[], [stop], [stop, run]].map((missing) =>
      missingText({ permissions: { checked_at: checked, missing } }),
    );
    expect(texts).toEqual(["None", "ec2:StopInstances", "ec2:StopInstances and 1 more"]);
    expect(missingText({})).toBeUndefined();
    expect(missingIn([run])).toEqual([
      { action: "ec2:RunInstances", feature: "On demand fallback", regions: "a, b" },
    ]);
  });

  it("tells each missing action of a part that is there; a part that its owner left out is not one", () => {
    expect(troublesOf(failed)).toEqual([
      {
        what: "Part linear",
        sentence:
          "ec2:StopInstances is refused in eu-central-1 (Denied). Update the customer's stack.",
      },
      { what: "Key k", sentence: "Mend it." },
      { what: "Snapshots in a", sentence: "Ask for more." },
    ]);
    expect(troublesOf(passed)).toEqual([]);
  });

  it("says what is next: the stack anew, or the preflight", () => {
    expect(nextStep(failed)).toBe("spot accounts template 444455556666 > role.yaml");
    expect(nextStep(passed)).toBe("spot preflight 444455556666");
  });
});
