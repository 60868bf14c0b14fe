/**
 * Find unclaimed: lists what carries this deployment's tags in customers' accounts and no intent claims, and tells it once. It changes
 * the list and nothing else: it makes no call that could touch what it finds.
 */
import * as z from "zod";
import { findTaggedOf } from "../../../adapters/aws/ec2/tagged.ts";
import { findTaggedGroups } from "../../../adapters/aws/resource-groups.ts";
import { readDeploymentId } from "../../../adapters/store/deployment.ts";
import {
  forgetUnclaimed,
  noteReading,
  readUnclaimedIn,
  writeUnclaimed,
} from "../../../adapters/store/unclaimed.ts";
import {
  judgeReading,
  nextReading,
  tellUnclaimed,
  type Found,
} from "../../../core/decide/unclaimed.ts";
import type { DeploymentId } from "../../../core/model/ids.ts";
import type { Place } from "../../../core/model/place.ts";
import { deploymentTag, returnGroupPrefix } from "../../../core/model/tags.ts";
import {
  taggedKinds,
  type TaggedKind,
  type TaggedThing,
} from "../../../core/model/tagged-thing.ts";
import type { Unclaimed } from "../../../core/model/unclaimed.ts";
import { readsAtPace } from "../../fleet/reads.ts";
import type { CustomerClients, StepContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne, type OneByOne } from "../one-by-one.ts";
import { judgeClaims } from "./claims.ts";
import { forgetLeft, listPlaces, type ConnectedPlace } from "./places.ts";
import { pricesOf } from "./prices.ts";

type ClientNames = "ec2" | "resourceGroups";
type Clients = Pick<CustomerClients, ClientNames>;
type Context = StepContext<ClientNames>;

const sessionName = "find-unclaimed";

/** Of the 60 s that the function has; where sweeps have taken more, the place is read an hour later. */
const mostSecondsWaited = 10;

/** Groups of reservations came later than the first roles: where one does not allow the reading, the rest is read all the same. */
const apart: ReadonlySet<TaggedKind> = new Set(["resource-group"]);

const find = (
  kind: TaggedKind,
  { ec2, resourceGroups }: Clients,
  deploymentId: DeploymentId,
): Promise<readonly TaggedThing[]> => {
  const tag = { key: deploymentTag, value: deploymentId };
  return kind === "resource-group"
    ? findTaggedGroups(resourceGroups, {
        namePrefix: `${returnGroupPrefix}${deploymentId}`,
        ...tag,
      })
    : findTaggedOf(kind, ec2, tag);
};

interface TaggedReading {
  readonly things: readonly TaggedThing[];
  readonly kinds: ReadonlySet<TaggedKind>;
}

/** All kinds at once; each is one call, or as many as it has pages. */
const readTagged = async (
  clients: Clients,
  deploymentId: DeploymentId,
  { turns, place }: { readonly turns: OneByOne; readonly place: Place },
): Promise<TaggedReading> => {
  const readings = await Promise.all(
    taggedKinds.map(async (kind) => {
      const reading = () => find(kind, clients, deploymentId);
      const name = `Each ${kind} in ${place.region} of account ${place.accountId} was not read`;
      const things = apart.has(kind)
        ? await turns.attempt({ name, keys: { ...place } }, reading)
        : await reading();
      return things === undefined ? [] : [{ kind, things }];
    }),
  );
  const read = readings.flat();
  return {
    things: read.flatMap(({ things }) => things),
    kinds: new Set(read.map(({ kind }) => kind)),
  };
};

/** Once: who comes second finds it written, and does not tell it. */
const write = async (
  { table, log }: Context,
  row: Unclaimed,
  before: { readonly row: Unclaimed; readonly version: number } | undefined,
): Promise<boolean> => {
  const { kind } = await writeUnclaimed(table, row, before?.version);
  const isNews = row.listedAt !== undefined && before?.row.listedAt === undefined;
  if (kind !== "WRITTEN" || !isNews) return false;
  const { accountId, region, id: resource, reason } = row;
  log.warn(tellUnclaimed(row), { accountId, region, kind: row.kind, resource, reason });
  return true;
};

const readPlace = async (
  context: Context,
  { account, region }: ConnectedPlace,
  { turns, deploymentId }: { readonly turns: OneByOne; readonly deploymentId: DeploymentId },
): Promise<number> => {
  const { table } = context;
  const now = context.now();
  const place = { accountId: account.accountId, region };
  const atPace = readsAtPace(context, place, { withinSeconds: mostSecondsWaited });
  const clients = atPace(await context.customer(account, region, sessionName));
  const { things, kinds } = await readTagged(clients, deploymentId, { turns, place });
  const priceOf = pricesOf(table, region, now);
  const found: Found[] = [];
  for (const { thing, claim } of await judgeClaims(table, things)) {
    const monthlyUsd = claim.kind === "CLAIMED" ? undefined : await priceOf(thing);
    found.push({ thing, claim, ...(monthlyUsd === undefined ? {} : { monthlyUsd }) });
  }
  const stored = await readUnclaimedIn(table, place);
  const rows = stored.map(({ row }) => row);
  const changes = judgeReading({ place, rows, found, kinds, now });
  let told = 0;
  for (const row of changes.write) {
    const before = stored.find((each) => each.row.kind === row.kind && each.row.id === row.id);
    if (await write(context, row, before)) told += 1;
  }
  for (const row of changes.forget) await forgetUnclaimed(table, row);
  return told;
};

const outputSchema = z.object({ kind: z.literal("READ"), summary: z.string() });

export const findUnclaimedStep: Step<unknown, z.infer<typeof outputSchema>, Context> = {
  name: "find-unclaimed",
  clients: ["ec2", "resourceGroups"],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const { table } = context;
    const counts = { read: 0, failed: 0, told: 0 };
    const turns = oneByOne(context);
    const deploymentId = await readDeploymentId(table);
    const { due, left } = await listPlaces(table, context.now());
    // Without one nothing was ever begun, and nothing can carry our tag.
    const places = deploymentId === undefined ? [] : due;
    for (const place of places) {
      if (deploymentId === undefined || !turns.hasTime()) break;
      const { account, region } = place;
      const keys = { accountId: account.accountId, region };
      const item = { name: `${region} of account ${account.accountId} was not read`, keys };
      const told = await turns.attempt(item, () =>
        readPlace(context, place, { turns, deploymentId }),
      );
      const dueAt = nextReading(context.now(), told !== undefined);
      await turns.attempt(item, () => noteReading(table, { ...keys, dueAt }));
      counts[told === undefined ? "failed" : "read"] += 1;
      counts.told += told ?? 0;
    }
    for (const place of left) {
      const keys = { accountId: place.accountId, region: place.region };
      const name = `What is known of ${place.region} in account ${place.accountId} was not forgotten`;
      const { now } = context;
      await turns.attempt({ name, keys }, () =>
        forgetLeft(table, place, { now: now(), hasTime: () => turns.hasTime() }),
      );
    }
    turns.finish();
    return {
      kind: "READ",
      summary: `${String(counts.read)} places read, ${String(counts.failed)} failed, ${String(counts.told)} things new in the list.`,
    };
  },
};
