/** One random case of CLUSTER: a drawn group, what interferes and what fails, run beside its twin and judged. */
import { createRandom } from "../../cloud/random.ts";
import { drawFaults } from "./faults.ts";
import { drawGroup } from "./groups.ts";
import { drawInterference, tellInterference } from "./interference.ts";
import { judgeCase } from "./judge.ts";
import { runTwin, runWithUs } from "./runs.ts";

export interface CaseName {
  readonly seed: number;
  /** From 1. */
  readonly number: number;
  /** A group that was converted before is brought back to On-Demand. Absent: a group is converted. */
  readonly isWayBack?: boolean;
}

export interface GroupCaseResult extends CaseName {
  readonly group: string;
  readonly disturbances: readonly string[];
  readonly status: string;
  /** How it ended. */
  readonly sentence: string;
  /** What was broken. Empty is well. */
  readonly violations: readonly string[];
}

type Played = Pick<GroupCaseResult, "status" | "sentence" | "violations">;

/** What nobody expected is a violation like any other, and the next case is run. */
const brokenOff = (error: unknown): Played => ({
  status: "broken off",
  sentence: "",
  violations: [
    `the case broke off: ${error instanceof Error ? (error.stack ?? "") : String(error)}`,
  ],
});

export const runGroupCase = async ({
  seed,
  number,
  isWayBack = false,
}: CaseName): Promise<GroupCaseResult> => {
  const named = isWayBack ? "way-back" : "group-case";
  const random = createRandom(seed).fork(`${named}-${String(number)}`);
  const group = drawGroup(random.fork("group"));
  const interferences = drawInterference(random.fork("interference"), group);
  const faults = drawFaults(random.fork("faults"));
  const play = async (): Promise<Played> => {
    const drawn = { interferences, faults, isWayBack };
    const own = await runWithUs(group.options, drawn);
    const twin = await runTwin(group.options, own, drawn);
    const { status, evaluation } = own.ending;
    const sentence = evaluation.outcome?.sentence ?? "";
    return { status, sentence, violations: await judgeCase(own, twin) };
  };
  const played = await play().catch(brokenOff);
  return {
    seed,
    number,
    isWayBack,
    group: group.sentence,
    disturbances: [
      ...interferences.map(tellInterference),
      ...faults.map(({ sentence }) => sentence),
    ],
    ...played,
  };
};
