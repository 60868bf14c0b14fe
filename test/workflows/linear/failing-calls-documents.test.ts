import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../local/lab/contract.ts";
import { harmCall, harms, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createAs, openLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { hasServedAfter, rich } from "../../../local/lab/scenarios.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";

const named = (document: string) => ({ document, seconds: 300 });

const policy = {
  proof: [{ kind: "ssm-document", ...named("prove") }],
  hooks: [
    { kind: "before_freeze", ...named("quiesce") },
    { kind: "after_switch", ...named("tell") },
  ],
};

const kinds = {
  stateless: { ...rich.stateless, policy },
  "stop-and-image": { ...rich["stop-and-image"], policy },
} as const satisfies Readonly<Record<string, LabOptions>>;

/** With how often each document ran. */
const labWith = async (
  options: LabOptions,
): Promise<{ readonly lab: Lab; readonly runs: Readonly<Record<string, number>> }> => {
  const runs: Record<string, number> = {};
  const lab = await createAs("with documents", options, async (given, recalled) => {
    const opened = await openLab(given, recalled);
    opened.platform.ssm.installAgents(accountId);
    for (const name of ["prove", "quiesce", "tell"]) {
      runs[name] = 0;
      const run = () => {
        runs[name] = (runs[name] ?? 0) + 1;
        return { exitCode: 0 };
      };
      opened.platform.ssm.addDocument({ accountId, region, name, tags: enrolled, run });
    }
    return opened;
  });
  return { lab, runs };
};

describe.each(["stateless", "stop-and-image"] as const)(
  "a %s switch with the owner's documents, whichever call fails",
  (kind) => {
    it("runs them as it should when none does", async () => {
      const { lab, runs } = await labWith({ ...kinds[kind], undisturbedUntil: "END" });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect([story.status, runs]).toEqual([
        "SWITCHED",
        { prove: 3, quiesce: kind === "stateless" ? 0 : 1, tell: 1 },
      ]);
    });

    it.each(harms)(
      "each of its calls in turn meets: %s",
      async (harm) => {
        const undisturbed = await labWith({ ...kinds[kind], undisturbedUntil: "END" });
        const { mutations } = await undisturbed.lab.run();
        const steps = mutations.map(({ operation }, index) => ({ nth: index + 1, operation }));
        const ends: unknown[] = [];
        // The others meet the same in the switches without documents.
        const near = steps.filter(
          ({ operation, nth }) =>
            operation === "SendCommand" || steps[nth - 2]?.operation === "SendCommand",
        );
        for (const { nth, operation } of near) {
          const { lab, runs } = await labWith({
            ...kinds[kind],
            undisturbedUntil: { change: nth },
          });
          harmCall(lab.platform, { harm, nth, matches: isMutation(accountId) });
          const story = await lab.run();
          const isHeld = kind !== "stateless" && hasServedAfter(steps, nth - 1);
          const ways = ["SWITCHED", "ROLLED_BACK", ...(isHeld ? ["NEEDS_OPERATOR"] : [])];
          const problems = [
            ...(await complaintsAbout(lab, story)),
            ...(ways.includes(story.status) ? [] : [`it ended ${story.status}`]),
            ...["quiesce", "tell"].flatMap((name) =>
              (runs[name] ?? 0) > 1 ? [`${name} ran more than once`] : [],
            ),
          ];
          if (problems.length > 0) ends.push({ nth, operation, problems });
        }
        expect(ends).toEqual([]);
      },
      60_000,
    );
  },
);
