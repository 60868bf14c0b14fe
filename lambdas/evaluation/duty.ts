/** What the janitor does when an intent has become due. Each wing has the duties of its own intents. */
import type { ChangeOf, DueKind } from "../../core/model/intent.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Settlement } from "../../core/model/settlement.ts";
import type { ProofClients } from "./prove.ts";
import type { DueSession } from "./session.ts";

/** What is told of it. */
export type Told = Pick<Settlement, "kind" | "reason" | "sentence"> & {
  /** What it waits for was asked, and its answer is under way: it is looked at again soon. Not told. */
  readonly isAsked?: true;
};

/** The settlement to be told, or until when there is nothing to tell (ISO 8601). */
export type Settled = Told | { readonly kind: "RESTS"; readonly until: string };

/** Of all duties. */
export type DutyClients = "autoScaling" | "classicElb" | "ec2" | "resourceGroups" | ProofClients;

export type Duty<Kind extends DueKind> = (
  session: DueSession<PipelineMode, DutyClients>,
  change: ChangeOf<Kind>,
) => Promise<Settled>;
