/** One interruption that is measured: how its account is, what is seen from the notice on, and what came of it. */
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { eventStarter } from "../../../core/model/starter.ts";
import { targetIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import { boots, defaultSettings, type Ec2Settings } from "../../cloud/ec2/settings.ts";
import { forwardEvents, type LabAccount } from "../../lab/account.ts";
import type { BootName } from "./names.ts";

export interface InterruptionCase {
  /** Of the account, its cloud, and the boot that is drawn. */
  readonly seed: number;
  readonly boot: BootName;
}

/** EC2 user guide, "Spot Instance interruption notices". */
export const noticeSeconds = 120;

export interface Answered {
  readonly seed: number;
  /** As the simulated cloud has drawn it for the instance that was launched first; undefined where none was. */
  readonly bootSeconds: number | undefined;
  /** From the notice until it serves; undefined where none did. */
  readonly servedAfterSeconds: number | undefined;
  /** Launched by us, beyond the one that is needed. */
  readonly duplicates: number;
  /** What of the promises is broken, in sentences. */
  readonly complaints: readonly string[];
}

/** EC2 takes its time, as it does outside of the laboratory. */
export const settingsOf = ({ boot }: InterruptionCase): { readonly settings: Ec2Settings } => ({
  settings: { ...defaultSettings, answersAfter: boots[boot] },
});

/** In so many of the cases each event is delivered twice at each hop: "at least once". */
const eachOf = 10;
const secondAfterMs = 700;

interface Launched {
  readonly instanceId: string;
  readonly bootSeconds: number | undefined;
  readonly isOurs: boolean;
}

/** AWS's events reach us from now on. @returns the instances that come to run in the account since, in their order */
export const prepareFor = async (
  account: LabAccount,
  { seed }: InterruptionCase,
): Promise<readonly Launched[]> => {
  const { eventBridge, ec2 } = account.platform;
  const { control } = ec2;
  await forwardEvents(account);
  if (seed % eachOf === 0) {
    eventBridge.control.harm(() => ({ kind: "TWICE", afterMs: secondAfterMs }));
  }
  const launched: Launched[] = [];
  control.onEvent(({ detail }) => {
    if (detail.state !== "running") return;
    const found = control.find(detail["instance-id"] ?? "");
    if (found === undefined) return;
    const { instanceId, answersFromMs, launchedAt, tags } = found;
    launched.push({
      instanceId,
      isOurs: tags[evaluationTag] !== undefined,
      bootSeconds: answersFromMs === undefined ? undefined : (answersFromMs - launchedAt) / 1000,
    });
  });
  return launched;
};

export const duplicatesAmong = (launched: readonly Launched[]): number =>
  Math.max(0, launched.filter(({ isOurs }) => isOurs).length - 1);

/** What has not served by then is told by its complaints. */
const longestSeconds = 20 * 60;

/** Seconds from now until each is so, looked at each second; absent: it is not, for so long. One that was so once has been reached. */
export const secondsUntil = async <Name extends string>(
  { clock }: LabAccount,
  milestones: Readonly<Partial<Record<Name, () => boolean>>>,
  onSecond: () => void = () => undefined,
): Promise<Readonly<Partial<Record<Name, number>>>> => {
  const beganMs = clock.now();
  const reached: Partial<Record<Name, number>> = {};
  let open = Object.entries<(() => boolean) | undefined>(milestones) as [Name, () => boolean][];
  for (let second = 1; second <= longestSeconds; second += 1) {
    await clock.run({ atMostMs: beganMs + second * 1000 });
    onSecond();
    for (const [name, isSo] of open) if (isSo()) reached[name] = second;
    open = open.filter(([name]) => reached[name] === undefined);
    if (open.length === 0) break;
  }
  return reached;
};

export const notServed = `Nothing had taken its place ${String(longestSeconds / 60)} minutes after the notice.`;

/** The response to it, which has begun by then. @throws Error where none has */
export const responseTo = async ({ table }: LabAccount, target: string): Promise<EvaluationId> => {
  const targetId = targetIdSchema.parse(target);
  const { items } = await listEvaluations(table, { targetId, limit: 1 });
  const [last] = items;
  if (last?.startedBy !== eventStarter) throw new Error(`Nobody has answered for ${target}.`);
  return last.evaluationId;
};
