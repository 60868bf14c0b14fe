/** Listens to a world while it lives, and tells what happens there in lines, in order. */
import * as z from "zod";
import type { KillSwitch } from "../../adapters/store/kill-switch.ts";
import { outboxPartition } from "../../adapters/store/notice-keys.ts";
import type { Item } from "../../adapters/store/table.ts";
import { noticeSchema, type NoticeKind } from "../../core/model/notice.ts";
import type { Ec2Event } from "../cloud/ec2/events.ts";
import type { Execution } from "../interpreter/execution.ts";
import type { RecordedEvent } from "../interpreter/history.ts";
import { visitsOf } from "../interpreter/visits.ts";
import type { LiveWorld } from "../platform/live-world.ts";
import { tellEvaluation, type EvaluationTeller, type Naming } from "./evaluation-lines.ts";
import type { Line } from "./line.ts";
import { foldSweeps } from "./sweep-lines.ts";

type Tell = (line: Line) => void;

const namingOf = ({ platform: { ec2 } }: LiveWorld): Naming => ({
  nameOf: (instanceId) => {
    const tags = ec2.control.find(instanceId)?.tags;
    return tags?.["Name"] ?? tags?.["aws:autoscaling:groupName"];
  },
});

const ended: ReadonlySet<string> = new Set([
  "ExecutionSucceeded",
  "ExecutionFailed",
  "ExecutionAborted",
  "ExecutionTimedOut",
]);

const inputSchema = z.object({ evaluationId: z.string() });

interface Followed {
  readonly teller: EvaluationTeller;
  readonly hear: (event: RecordedEvent) => void;
}

/** Reading the record takes a moment: what happened later is told later. */
const inOrder = (tell: Tell, trouble: (error: unknown) => void) => {
  let last = Promise.resolve();
  return (lines: () => Promise<readonly Line[]>): void => {
    last = last
      .then(lines)
      .then((told) => {
        for (const line of told) tell(line);
      })
      .catch(trouble);
  };
};

const followExecutions = (
  world: LiveWorld,
  queue: ReturnType<typeof inOrder>,
): ((execution: Pick<Execution, "arn" | "input">, event: RecordedEvent) => void) => {
  const followed = new Map<string, Followed>();
  const naming = namingOf(world);
  const follow = (input: string): Followed => {
    const { evaluationId } = inputSchema.parse(JSON.parse(input));
    const teller = tellEvaluation(world.platform.table, naming, evaluationId);
    const hear = visitsOf((visit) => {
      queue(() => teller.visited(visit));
    });
    return { teller, hear };
  };
  return ({ arn, input }, event) => {
    const one = followed.get(arn) ?? follow(input);
    followed.set(arn, one);
    one.hear(event);
    if (!ended.has(event.type)) return;
    followed.delete(arn);
    queue(() => one.teller.ended(event.timestamp.getTime()));
  };
};

const announcements: Readonly<
  Partial<Record<Ec2Event["detail-type"], Pick<Line, "word" | "tone">>>
> = {
  "EC2 Spot Instance Interruption Warning": { word: "Interrupted", tone: "bad" },
  "EC2 Instance Rebalance Recommendation": { word: "At risk", tone: "warning" },
};

const sentenceOf = ({ detail }: Ec2Event, word: string): string =>
  word === "Interrupted"
    ? `EC2 takes the Spot Instance back in two minutes (action ${detail["instance-action"] ?? "unknown"}).`
    : "EC2 recommends to leave the Spot pool: an interruption is more likely than usual.";

const ec2Line = ({ nameOf }: Naming, event: Ec2Event): Line | undefined => {
  const announced = announcements[event["detail-type"]];
  if (announced === undefined) return undefined;
  const id = event.detail["instance-id"] ?? "";
  return {
    atMs: Date.parse(event.time),
    topic: "interruption",
    subject: { name: nameOf(id) ?? id, id },
    ...announced,
    sentence: sentenceOf(event, announced.word),
  };
};

/** Of which the outcome's own line says no less. */
const saidByOutcome: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  "SWITCH_DONE",
  "FALLBACK",
  "ROLLED_BACK",
  "NEEDS_OPERATOR",
  "DEGRADED",
  "APPROVAL_WANTED",
]);

export const noticeLine = ({ nameOf }: Naming, item: Pick<Item, "data">): Line | undefined => {
  const { data: notice } = noticeSchema().safeParse(item.data);
  if (notice === undefined || saidByOutcome.has(notice.kind)) return undefined;
  // Of an interruption the resource is the pool's key, which its instance is not found by.
  const [id = notice.resource] = /^i-[0-9a-f]+/.exec(notice.member ?? "") ?? [];
  return {
    atMs: Date.parse(notice.at),
    topic: "notice",
    subject: { name: nameOf(id) ?? id, id },
    evaluationId: notice.evaluationId,
    word: "Notice",
    reason: notice.kind,
    sentence: notice.sentence,
  };
};

const killSwitchLine = ({ data }: Item): Line => {
  const { scope, engaged, reason, by, at } = data as KillSwitch;
  const where = scope === "global" ? "all accounts" : `account ${scope}`;
  return {
    atMs: Date.parse(at),
    topic: "kill-switch",
    word: "Kill switch",
    tone: engaged ? "bad" : "good",
    sentence: `${engaged ? "Thrown" : "Lifted"} for ${where}: ${reason} (${by}).`,
  };
};

const itemLine = (naming: Naming, item: Item): Line | undefined => {
  if (item.pk === outboxPartition) return noticeLine(naming, item);
  return item.sk === "KILL_SWITCH" ? killSwitchLine(item) : undefined;
};

const watchSweeps = ({ platform, clock }: LiveWorld, tell: Tell): void => {
  const fold = foldSweeps(clock, tell);
  const { functions } = platform;
  const invoke = functions.invoke;
  functions.invoke = async (name, payload, arn) => {
    const answer = await invoke(name, payload, arn);
    if (name === "schedule-sweep-place") fold(answer);
    return answer;
  };
};

/** @param trouble told of what could not be told */
export const narrate = (world: LiveWorld, tell: Tell, trouble: (error: unknown) => void): void => {
  const { platform, onWritten } = world;
  const naming = namingOf(world);
  const queue = inOrder(tell, trouble);
  const tellNow = (line: Line | undefined): void => {
    if (line !== undefined) queue(() => Promise.resolve([line]));
  };
  platform.interpreter.onEvent(followExecutions(world, queue));
  platform.ec2.control.onEvent((event) => {
    tellNow(ec2Line(naming, event));
  });
  onWritten((item) => {
    tellNow(itemLine(naming, item));
  });
  watchSweeps(world, tellNow);
};
