/** What the janitor does when an intent has become due. Each wing has the duties of its own intents. */
import type { ChangeOf, DueKind } from "../../core/model/intent.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { DueSession } from "./session.ts";

/** POSTPONED: asked again later. */
export type Settled = "SETTLED" | "POSTPONED";

export type Duty<Kind extends DueKind> = (
  session: DueSession<PipelineMode, "ec2">,
  change: ChangeOf<Kind>,
) => Promise<Settled>;
