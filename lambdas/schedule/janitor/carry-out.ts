/** The janitor's duties that reach no cluster, a row for each kind of intent that becomes due. */
import type { ChangeOf, DueKind } from "../../../core/model/intent.ts";
import type { SettingKind } from "../../../core/model/intents/group.ts";
import type { MarkKind } from "../../../core/model/intents/node.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import { restoreSetting } from "../../cluster/restore-setting.ts";
import { retireMember } from "../../cluster/retire-due.ts";
import type { Duty, DutyClients, Settled } from "../../evaluation/duty.ts";
import type { DueSession } from "../../evaluation/session.ts";
import { restoreSettingOfNodes } from "../../kubernetes/restore-setting.ts";
import { endIsolationGroup } from "../../linear/end-isolation-group.ts";
import { expireImage } from "../../linear/expire-image.ts";
import { keepTemplate } from "../../linear/keep-template.ts";
import { releaseCapacity } from "../../linear/release-capacity.ts";
import { retireOriginal } from "../../linear/retire-due.ts";

const restoreOf = (
  session: DueSession<PipelineMode, DutyClients>,
  change: ChangeOf<SettingKind>,
): Promise<Settled> =>
  (session.evaluation.mode === "KUBERNETES" ? restoreSettingOfNodes : restoreSetting)(
    session,
    change,
  );

/** Those that it carries out itself. */
export type OwnKind = Exclude<DueKind, MarkKind>;

/** One row per kind of intent that becomes due. */
const duties: { readonly [Kind in OwnKind]: Duty<Kind> } = {
  RETIRE_ORIGINAL: (session, change) =>
    (session.evaluation.mode === "CLUSTER" ? retireMember : retireOriginal)(session, change),
  EXPIRE_IMAGE: expireImage,
  RESERVE_CAPACITY: releaseCapacity,
  ISOLATE: endIsolationGroup,
  KEEP_TEMPLATE: keepTemplate,
  HOLD_MEMBERS: restoreOf,
  PROTECT_MEMBERS: restoreOf,
  SUSPEND_AZ_REBALANCE: restoreOf,
  RAISE_MAX: restoreOf,
};

export const carryOut = (
  session: DueSession<PipelineMode, DutyClients>,
  change: ChangeOf<OwnKind>,
): Promise<Settled> => {
  const perform = <Kind extends OwnKind>(kind: Kind, due: ChangeOf<Kind>): Promise<Settled> =>
    duties[kind](session, due);
  return perform(change.kind, change);
};
