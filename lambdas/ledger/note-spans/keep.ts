/** Writes down what has begun and ended: with the times that Spot requests tell, volumes with their sizes, and what evaluations know of each. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { readVolumeSizes } from "../../../adapters/aws/ec2/ran-instances.ts";
import { readRequestStatuses } from "../../../adapters/aws/ec2/spot-request.ts";
import { putSpan, removeOpenSpan } from "../../../adapters/store/ledger-spans.ts";
import type { SpanChanges } from "../../../core/ledger/note-spans.ts";
import type { InstanceId } from "../../../core/model/ids.ts";
import type { ShownInstance } from "../../../core/model/ledger/shown.ts";
import type { InstanceSpan, SpanVolume } from "../../../core/model/ledger/span.ts";
import type { CommonContext } from "../../runtime/context.ts";
import { withEnder, withLaunch, withServing } from "../launched.ts";

type Context = Pick<CommonContext, "table">;

export type OpenSpans = ReadonlyMap<InstanceId, InstanceSpan>;

/** A reading may show for so long what has ended. */
const shownLateMs = 60_000;

/** EC2 says of a Spot Instance that it took not when, but its request does. */
const withTimes = async (
  ec2: EC2Client,
  spans: readonly InstanceSpan[],
): Promise<readonly InstanceSpan[]> => {
  const asked = spans.filter(
    ({ purchase, end }) => purchase === "SPOT" && end !== undefined && end.earliest !== end.latest,
  );
  const statuses = await readRequestStatuses(
    ec2,
    asked.map(({ instanceId }) => instanceId),
  );
  return spans.map((span) => {
    const { end } = span;
    const since = asked.includes(span) ? statuses.get(span.instanceId)?.since : undefined;
    if (end === undefined || since === undefined) return span;
    const earliest = new Date(Date.parse(end.earliest) - shownLateMs).toISOString();
    const isWithin = earliest <= since && since <= end.latest;
    return isWithin ? { ...span, end: { ...end, earliest: since, latest: since } } : span;
  });
};

export interface Noting {
  readonly ec2: EC2Client;
  readonly open: OpenSpans;
  readonly shown: ReadonlyMap<InstanceId, ShownInstance>;
}

const sizesOf = (
  { ec2, shown }: Noting,
  spans: readonly InstanceSpan[],
): Promise<ReadonlyMap<string, SpanVolume>> => {
  const ids = spans.flatMap(({ instanceId }) => shown.get(instanceId)?.volumeIds ?? []);
  return readVolumeSizes(ec2, [...new Set(ids)]);
};

const withVolumes = (
  span: InstanceSpan,
  { shown }: Noting,
  sizes: ReadonlyMap<string, SpanVolume>,
): InstanceSpan => {
  const volumes = (shown.get(span.instanceId)?.volumeIds ?? []).flatMap(
    (volumeId) => sizes.get(volumeId) ?? [],
  );
  // Those of what has ended are gone, and are as they were read last.
  return volumes.length === 0 ? span : { ...span, volumes };
};

/** Written before the next begins: what began since names what it replaces by its span, ended or not. */
const keepEnded = async (
  { table }: Context,
  changes: SpanChanges,
  { ec2, open }: Noting,
): Promise<readonly InstanceSpan[]> => {
  const ended: InstanceSpan[] = [];
  for (const span of await withTimes(ec2, changes.ended)) {
    ended.push(await withEnder(table, await withServing(table, span)));
  }
  for (const span of ended) {
    await putSpan(table, span);
    if (open.has(span.instanceId)) await removeOpenSpan(table, span, span.instanceId);
  }
  return ended;
};

type Sizes = ReadonlyMap<string, SpanVolume>;

const keepBegun = async (
  { table }: Context,
  changes: SpanChanges,
  { noting, ended, sizes }: { noting: Noting; ended: readonly InstanceSpan[]; sizes: Sizes },
): Promise<void> => {
  const { ec2, open, shown } = noting;
  const known = new Map([...open, ...ended.map((span) => [span.instanceId, span] as const)]);
  const launches = { table, spanOf: (id: InstanceId) => known.get(id) };
  for (const span of await withTimes(ec2, changes.begun)) {
    const { instanceId, state } = span;
    const { tags = {} } = shown.get(instanceId) ?? {};
    const before = ended.find((one) => one.instanceId === instanceId)?.end;
    const stopped = state === "STOPPED" && before && { stoppedBy: before.by };
    const begun = withVolumes({ ...span, ...stopped }, noting, sizes);
    await putSpan(table, await withEnder(table, await withLaunch(launches, begun, tags)));
  }
};

/** Those that go on: with other volumes, or with what their evaluations have come to since. */
const keepOpen = async (
  { table }: Context,
  { changed, ended }: SpanChanges,
  { noting, sizes }: { readonly noting: Noting; readonly sizes: Sizes },
): Promise<void> => {
  const over = new Set(ended.map(({ instanceId }) => instanceId));
  for (const span of noting.open.values()) {
    if (over.has(span.instanceId)) continue;
    const present = changed.includes(span) ? withVolumes(span, noting, sizes) : span;
    const after = await withServing(table, present);
    if (after !== span) await putSpan(table, after);
  }
};

/** How many spans have begun or ended. */
export const keepSpans = async (
  context: Context,
  changes: SpanChanges,
  noting: Noting,
): Promise<number> => {
  const sizes = await sizesOf(noting, [...changes.begun, ...changes.changed]);
  const ended = await keepEnded(context, changes, noting);
  await keepBegun(context, changes, { noting, ended, sizes });
  await keepOpen(context, changes, { noting, sizes });
  return changes.begun.length + ended.length;
};
