import { describe, expect, it } from "@jest/globals";
import { customerRoleParts } from "../../../lambdas/access/customer-role.ts";
import {
  featureGrants,
  isFaulty,
  skippedGrants,
  type AskedFeature,
  type PermissionAnswer,
} from "../../../lambdas/api/feature-grants.ts";

/** `Run` is needed by both modes, `Attach` and `Resize` by one each. */
const asked: readonly AskedFeature[] = [
  { feature: "read", actions: ["Describe"] },
  { feature: "linear", actions: ["Run", "Attach"] },
  { feature: "cluster", actions: ["Run", "Resize"] },
];

const kinds = { yes: "ALLOWED", no: "DENIED", open: "UNKNOWN" } as const;
type Word = keyof typeof kinds;

const answer = (action: string, word: Word, region = "eu-central-1"): PermissionAnswer => ({
  action,
  kind: kinds[word],
  region,
});

const statuses = (words: Readonly<Record<string, Word>>): Readonly<Record<string, string>> => {
  const answers = Object.entries(words).map(([action, word]) => answer(action, word));
  return Object.fromEntries(
    featureGrants(answers, asked).map(({ feature, status }) => [feature, status]),
  );
};

describe("the status of a feature", () => {
  it.each([
    {
      what: "everything is allowed",
      words: { Describe: "yes", Run: "yes", Attach: "yes", Resize: "yes" },
      linear: "GRANTED",
      cluster: "GRANTED",
    },
    {
      what: "a shared action is allowed, which the other part may have granted",
      words: { Describe: "yes", Run: "yes", Attach: "yes", Resize: "open" },
      linear: "GRANTED",
      cluster: "UNPROVED",
    },
    {
      what: "nothing could be asked",
      words: { Describe: "yes", Run: "open", Attach: "open", Resize: "open" },
      linear: "UNPROVED",
      cluster: "UNPROVED",
    },
    {
      what: "one part is left out, and the other grants what both need",
      words: { Describe: "yes", Run: "yes", Attach: "yes", Resize: "no" },
      linear: "GRANTED",
      cluster: "ABSENT",
    },
    {
      what: "both are left out, and one has nothing of its own to ask",
      words: { Describe: "yes", Run: "no", Attach: "no", Resize: "open" },
      linear: "ABSENT",
      cluster: "ABSENT",
    },
    {
      what: "a part is there without an action that it should have",
      words: { Describe: "yes", Run: "no", Attach: "yes", Resize: "open" },
      linear: "INCOMPLETE",
      cluster: "ABSENT",
    },
  ] as const)("where $what", ({ words, linear, cluster }) => {
    expect(statuses(words)).toEqual({ read: "GRANTED", linear, cluster });
  });

  it("is INCOMPLETE where one region grants what another refuses", () => {
    const answers = [answer("Attach", "yes"), answer("Attach", "no", "us-east-1")];
    const [linear] = featureGrants(answers, asked.slice(1, 2));
    expect(linear).toEqual({
      feature: "linear",
      status: "INCOMPLETE",
      missing: [{ action: "Attach", region: "us-east-1" }],
      unproved: [],
    });
  });
});

describe("the permissions of a feature", () => {
  it("are missing or not proved, with region and reason, and under each feature that needs them", () => {
    const refused = { ...answer("Run", "no"), reason: "not authorized" };
    const [read, linear, cluster] = featureGrants([refused, answer("Resize", "open")], asked);
    const missing = [{ action: "Run", region: "eu-central-1", reason: "not authorized" }];
    expect(read).toMatchObject({ missing: [], unproved: [] });
    expect(linear).toMatchObject({ missing, unproved: [] });
    expect(cluster).toMatchObject({
      missing,
      unproved: [{ action: "Resize", region: "eu-central-1" }],
    });
  });

  it("are none where nothing was asked, for each part of the role", () => {
    expect(skippedGrants()).toEqual(
      customerRoleParts.map(({ feature }) => ({
        feature,
        status: "SKIPPED",
        missing: [],
        unproved: [],
      })),
    );
  });
});

describe("a fault", () => {
  it.each([
    { feature: "read", status: "GRANTED", faulty: false },
    { feature: "read", status: "ABSENT", faulty: true },
    { feature: "read", status: "INCOMPLETE", faulty: true },
    { feature: "linear", status: "ABSENT", faulty: false },
    { feature: "linear", status: "UNPROVED", faulty: false },
    { feature: "linear", status: "INCOMPLETE", faulty: true },
  ] as const)("is $faulty for $feature that is $status", ({ feature, status, faulty }) => {
    expect(isFaulty({ feature, status, missing: [], unproved: [] })).toBe(faulty);
  });
});
