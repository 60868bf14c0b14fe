/** Tells of each pool in quarantine what that costs the targets of a place: those that it keeps out are judged a second time without it. */
import { replacePoolCosts } from "../../../adapters/store/pool-costs.ts";
import type { Table } from "../../../adapters/store/table.ts";
import {
  addGivenUp,
  givenUpBy,
  mayGiveUp,
  type GivenUp,
} from "../../../core/decide/fleet/given-up.ts";
import type { BulkJudgement } from "../../../core/decide/fleet/judge-in-place.ts";
import type { CloseLook } from "../../../core/model/close-look.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import type { Place } from "../../../core/model/place.ts";
import type { Target } from "../../../core/model/target.ts";
import type { PlaceSession } from "../../fleet/place.ts";
import type { OneByOne } from "../one-by-one.ts";

interface Held {
  readonly target: Target;
  readonly judgement: Extract<BulkJudgement<PipelineMode>, { readonly kind: "JUDGED" }>;
  /** On which the judgement rests. */
  readonly look: CloseLook<PipelineMode> | undefined;
}

/** Undefined: quarantine keeps it out of nothing that it would go to. */
export const judgeGivenUp = async (
  session: PlaceSession,
  { target, judgement, look }: Held,
): Promise<GivenUp | undefined> => {
  if (!mayGiveUp(target, judgement.choice)) return undefined;
  const { judgement: free } = await session.judgeUnquarantined(target, look);
  return free.kind === "JUDGED" ? givenUpBy(judgement.choice, free.choice) : undefined;
};

/** Where the sweep has come to all of the place: else what the last one told stands. */
export const keepGivenUp = async (
  { table }: { readonly table: Table },
  {
    place,
    session,
    givenUp,
    turns,
  }: {
    readonly place: Place;
    readonly session: PlaceSession;
    readonly givenUp: readonly GivenUp[];
    readonly turns: OneByOne;
  },
): Promise<void> => {
  if (!turns.hasTime()) return;
  const { accountId } = place;
  const at = session.reading.readAt;
  const costs = addGivenUp(givenUp).map((each) => ({ accountId, at, ...each }));
  const name = "What quarantine costs is told by the next sweep";
  await turns.attempt({ name, keys: { ...place } }, () => replacePoolCosts(table, place, costs));
};
