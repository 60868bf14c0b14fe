/** The closing of each mode. */
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import type { TargetOf } from "../../../core/model/target.ts";
import type { Closing, ClosingSession } from "../../evaluation/closing.ts";
import { requireMode } from "../../evaluation/session.ts";
import { clusterClosing } from "../../cluster/closing.ts";
import { kubernetesClosing } from "../../kubernetes/closing.ts";
import { linearClosing } from "../../linear/closing.ts";

/** Takes sessions of any mode, and refuses those of another than its own. */
type AnyClosing = Closing<PipelineMode>;

const forAny = <Mode extends PipelineMode>(mode: Mode, closing: Closing<Mode>): AnyClosing => ({
  ending: (session, input) => closing.ending(requireMode(session, mode), input),
  commit: (session, intents) => closing.commit(requireMode(session, mode), intents),
  follow: async (session, input) => {
    const change = await closing.follow(requireMode(session, mode), input);
    // A target's mode can't be changed while the leases are ours.
    return (target) => change(target as TargetOf<Mode>);
  },
  figures: (session, input) => closing.figures(requireMode(session, mode), input),
  attempt: (session) => closing.attempt(requireMode(session, mode)),
  swaps: (session, input) => closing.swaps(requireMode(session, mode), input),
});

const closings: { readonly [Mode in PipelineMode]: AnyClosing } = {
  LINEAR: forAny("LINEAR", linearClosing),
  CLUSTER: forAny("CLUSTER", clusterClosing),
  KUBERNETES: forAny("KUBERNETES", kubernetesClosing),
};

export const closingOf = ({ evaluation }: ClosingSession<PipelineMode>): AnyClosing =>
  closings[evaluation.mode];
