/** Tells an owner: claimed first, so that two runs tell once, and noted once SNS has accepted it. */
import { publishNotice } from "../../../adapters/aws/sns.ts";
import type { StoredFinding } from "../../../adapters/store/enforcer.ts";
import { tell as tellBeside } from "../../../adapters/store/outbox.ts";
import { noticeOf } from "../../../core/enforce/notice.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { EnforcerPlace, Finding, NoticeKind } from "../../../core/model/enforcer.ts";
import { noticeOfEnforcement, noticeOfRefusal } from "../../../core/notice/of-enforcer.ts";
import { change, keysOf, requireLetGo, without, type Run } from "./run.ts";

/** Longer than a run lives: whoever claimed it then has died, and may have told or not. */
const claimMs = 10 * 60_000;

interface Telling {
  readonly kind: NoticeKind;
  readonly place: EnforcerPlace;
}

const memberOf = {
  FLAG: "flagNotice",
  WARNING: "warning",
  DONE: "doneNotice",
} as const satisfies Readonly<Record<NoticeKind, keyof Finding>>;

const isClaimed = ({ noticing }: Finding, now: Date): boolean =>
  noticing !== undefined && now.getTime() - Date.parse(noticing.at) < claimMs;

const noteFailure = async (
  run: Run,
  claimed: StoredFinding,
  { kind, error }: { readonly kind: NoticeKind; readonly error: SpotOptimizerError },
): Promise<void> => {
  const { finding } = claimed;
  const { topicArn, context } = run;
  const now = context.now();
  const { message } = error;
  const noticeFailed = { kind, at: now.toISOString(), error: message };
  await change(run, claimed, { ...without(finding, "noticing"), noticeFailed });
  context.log.warn(
    `The owner of ${finding.instanceId} was not told: ${message} Without that notice it is not stopped. Next: see in the runbook, "A notice that was not accepted".`,
    { ...keysOf(finding), noticeFailed: kind, error: error.name },
  );
  await tellBeside(context.table, noticeOfRefusal(finding, { topicArn, message, now }));
};

/** @returns SNS's id of the message; undefined where it was not accepted, which is noted */
const publish = async (
  run: Run,
  claimed: StoredFinding,
  { kind, place, now }: Telling & { readonly now: Date },
): Promise<string | undefined> => {
  try {
    const notice = noticeOf(kind, claimed.finding, { place, now });
    return (await publishNotice(run.sns, run.topicArn, notice)).messageId;
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    await noteFailure(run, claimed, { kind, error });
    return undefined;
  }
};

/** @returns as it is stored then; undefined: not told, and what was to follow does not */
const tell = async (
  run: Run,
  stored: StoredFinding,
  { kind, place }: Telling,
): Promise<StoredFinding | undefined> => {
  const { context } = run;
  const now = context.now();
  if (isClaimed(stored.finding, now)) return undefined;
  await requireLetGo(run);
  const claim = { ...stored.finding, noticing: { kind, at: now.toISOString() } };
  const claimed = await change(run, stored, claim);
  if (claimed === undefined) return undefined;
  const messageId = await publish(run, claimed, { kind, place, now });
  if (messageId === undefined) return undefined;
  const accepted = { at: context.now().toISOString(), messageId };
  const told = await change(run, claimed, {
    ...without(claimed.finding, "noticing", "noticeFailed"),
    [memberOf[kind]]: accepted,
  });
  await tellBeside(context.table, noticeOfEnforcement(kind, claim, { place, now }));
  return told;
};

/** Where one was not accepted the others are not tried: the topic is at fault rather than the finding. */
export const tellAll = async (
  run: Run,
  stored: readonly StoredFinding[],
  { kind, place }: Telling,
): Promise<number> => {
  let told = 0;
  for (const each of stored) {
    if (!run.turns.hasTime()) break;
    const after = await tell(run, each, { kind, place });
    if (after === undefined) break;
    told += 1;
  }
  return told;
};
