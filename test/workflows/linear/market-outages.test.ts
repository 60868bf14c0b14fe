import { describe, expect, it } from "@jest/globals";
import { loadJudgedFacts } from "../../../adapters/store/evaluations.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";

/** From now on; returns the end of the outage. */
const failing = (lab: Lab, operation: string): (() => void) =>
  lab.platform.cloud.faults.before((call) => {
    if (call.operation === operation) throw refusals.unavailable();
  });

const hourMs = 3_600_000;
const later = (lab: Lab, hours: number): Promise<void> =>
  lab.clock.run({ atMostMs: lab.clock.now() + hours * hourMs });

const sources = [
  ["Spot prices", (lab: Lab) => failing(lab, "DescribeSpotPriceHistory")],
  ["price list", (lab: Lab) => failing(lab, "GetProducts")],
  [
    "advisor feed, unreachable",
    (lab: Lab) => {
      lab.platform.feed.setAnswer({ kind: "UNREACHABLE" });
    },
  ],
  [
    "advisor feed, malformed",
    (lab: Lab) => {
      lab.platform.feed.setAnswer({ kind: "BODY", body: '{"spot_advisor":{"us-east-1":[]}}' });
    },
  ],
  [
    "advisor feed, truncated",
    (lab: Lab) => {
      lab.platform.feed.setAnswer({ kind: "BODY", body: '{"spot_advisor":{"us-east' });
    },
  ],
  [
    "advisor feed, refused",
    (lab: Lab) => {
      lab.platform.feed.setAnswer({ kind: "STATUS", status: 503 });
    },
  ],
] as const;

describe.each(sources)("%s down", (_name, fail) => {
  it("without a last good copy ends as DEGRADED, and nothing was touched", async () => {
    const lab = await createLab();
    fail(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("DEGRADED");
    expect(story.executionStatus).toBe("FAILED");
    expect(story.mutations).toEqual([]);
    expect(story.evaluation.failure?.cause).not.toBe("");
  });

  it("with a fresh enough copy goes on with it, and the record has its age", async () => {
    const lab = await createLab({ isShadowMode: true });
    const first = await lab.run();
    expect(first.status).toBe("SHADOWED");
    fail(lab);
    // Until then the first one's market is shared.
    await later(lab, 0.25);
    const second = await lab.run();
    expect(second.status).toBe("SHADOWED");
    const [before, after] = await Promise.all(
      [first, second].map(({ evaluationId }) => loadJudgedFacts(lab.table, evaluationId)),
    );
    const ages = (facts: typeof before): readonly unknown[] => [
      facts?.market?.spotPricesFetchedAt,
      facts?.market?.onDemandFetchedAt,
      facts?.market?.bandsFetchedAt,
    ];
    expect(ages(after).filter((at) => ages(before).includes(at))).toHaveLength(1);
  });

  it("with a copy that is too old refuses, and says which price is missing", async () => {
    const lab = await createLab({
      isShadowMode: true,
      policy: { max_price_age_hours: 2, max_spot_price_age_minutes: 60 },
    });
    await lab.run();
    fail(lab);
    await later(lab, 3);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("REFUSED");
    expect(story.evaluation.verdict?.reason).toBe("PRICES_TOO_OLD");
    expect(story.mutations).toEqual([]);
  });
});

describe("what is not needed for a verdict", () => {
  it("placement scores may be missing: the verdict is given without them", async () => {
    const lab = await createLab({ isShadowMode: true });
    failing(lab, "GetSpotPlacementScores");
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SHADOWED");
    expect(lab.logged.some((line) => line.includes("No placement scores"))).toBe(true);
  });
});
