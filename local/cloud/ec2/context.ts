/** What every rule of the simulated EC2 works with: state, clock, chance, market, settings, and the lookups. */
import type { Filter, Tag, TagSpecification } from "@aws-sdk/client-ec2";
import { canonicalParameters } from "./client-tokens.ts";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Market } from "../market/market.ts";
import type { ParameterSource } from "./parameter-source.ts";
import type { KeyRules } from "./key-rules.ts";
import type { Ec2Event } from "./events.ts";
import { notFound, refuse, type Kind } from "./refusals.ts";
import type { Ec2Settings } from "./settings.ts";
import type { AccountState, Image, Instance, RegionState, Resource, Tags } from "./state.ts";
import type { Timeline } from "./timeline.ts";
import { isVisible, readPathOf } from "./visibility.ts";

/** Facts of an instance that faults are aimed by. */
export type InstanceMatcher = (instance: Instance) => boolean;
export type ImageMatcher = (image: Image) => boolean;

export type PlaceRefuser = (place: {
  readonly instanceType: string;
  readonly purchase: "spot" | "on-demand";
}) => string | undefined;

interface Defects {
  readonly failedChecks: Set<{
    readonly matches: InstanceMatcher;
    readonly check: "system" | "instance" | "attachedEbs";
  }>;
  readonly stalledImages: Set<ImageMatcher>;
  readonly failedImages: Set<ImageMatcher>;
  readonly failedRootTasks: Set<{
    readonly matches: InstanceMatcher;
    readonly end: "failed" | "failed-detached";
  }>;
  readonly failedBoots: Set<{ readonly matches: InstanceMatcher; readonly code: string }>;
  /** The error code with which a fleet's place is refused; undefined: it is tried. */
  readonly refusedPlaces: Set<PlaceRefuser>;
}

export interface Ec2Context {
  readonly clock: Clock;
  readonly random: Random;
  readonly market: Market;
  readonly settings: Ec2Settings;
  readonly timeline: Timeline;
  readonly accounts: Map<string, AccountState>;
  readonly defects: Defects;
  /** Capacity set by a scenario, by `market:poolKey`; it overrides the market's. */
  readonly capacities: Map<string, number>;
  /** Pools in which somebody else takes an On-Demand place that comes free, by `on-demand:poolKey`, and for how long. */
  readonly takers: Map<string, number>;
  /** Resource Groups: ids of the capacity reservations in a group. */
  readonly reservationGroups: {
    membersOf: (region: RegionState, groupArn: string) => readonly string[];
  };
  /** KMS; undefined where it is not part of the cloud. */
  readonly keys: { rules: KeyRules | undefined };
  /** Systems Manager; undefined where it is not part of the cloud. */
  readonly parameters: { source: ParameterSource | undefined };
  /** Called when an instance is terminated: a persistent Spot request launches again. */
  readonly terminated: ((region: RegionState, instance: Instance, atMs: number) => void)[];
  /** Called when an instance is stopped: its Spot request says by whom. */
  readonly stopped: ((region: RegionState, instance: Instance, atMs: number) => void)[];
  /** Told after whatever may have changed something, and when that was. Nobody listens as a rule. */
  readonly happened: Set<(atMs: number) => void>;
  /** Told when a scenario lets checks fail or pass: no call and no transition goes with it. */
  readonly checksChanged: Set<() => void>;
  emit(event: Ec2Event): void;
}

export const newId = (context: Ec2Context, prefix: string): string =>
  `${prefix}${context.random.hex(17)}`;

/** A duration with its seeded jitter. */
export const lasting = (context: Ec2Context, milliseconds: number): number =>
  Math.round(milliseconds * (1 + context.settings.jitter * (2 * context.random.next() - 1)));

/** @throws CloudError with the kind's NotFound or Malformed code. */
export const findAll = <T extends Resource>(
  context: Ec2Context,
  from: ReadonlyMap<string, T>,
  lookup: { readonly kind: Kind; readonly ids: readonly string[] },
): readonly T[] => {
  const { kind, ids } = lookup;
  const malformed = ids.find((id) => !id.startsWith(kind.prefix));
  if (malformed !== undefined) throw refuse(kind.malformed, `Invalid id: "${malformed}"`);
  const found: T[] = [];
  const absent: string[] = [];
  for (const id of ids) {
    const resource = from.get(id);
    if (resource === undefined || !isVisible(context, resource)) absent.push(id);
    else found.push(resource);
  }
  if (absent.length > 0) throw notFound(kind, absent);
  return found;
};

export const findOne = <T extends Resource>(
  context: Ec2Context,
  from: ReadonlyMap<string, T>,
  lookup: { readonly kind: Kind; readonly id: string },
): T => {
  const [one] = findAll(context, from, { kind: lookup.kind, ids: [lookup.id] });
  if (one === undefined) throw notFound(lookup.kind, [lookup.id]);
  return one;
};

/** By ids if there are any (each must exist), else all that are visible to a read by such filters. */
export const selectVisible = <T extends Resource>(
  context: Ec2Context,
  from: ReadonlyMap<string, T>,
  lookup: {
    readonly kind: Kind;
    readonly ids: readonly string[] | undefined;
    readonly filters?: readonly Filter[] | undefined;
  },
): readonly T[] => {
  const { kind, ids, filters } = lookup;
  if (ids !== undefined && ids.length > 0) return findAll(context, from, { kind, ids });
  const path = readPathOf(ids, filters);
  return [...from.values()].filter((resource) => isVisible(context, resource, path));
};

/** @throws CloudError for reserved keys and too many tags. */
export const readTags = (tags: readonly Tag[] | undefined, before: Tags = {}): Tags => {
  const merged = { ...before };
  for (const { Key = "", Value = "" } of tags ?? []) {
    if (Key.toLowerCase().startsWith("aws:")) {
      throw refuse(
        "InvalidParameterValue",
        `Tag keys starting with 'aws:' are reserved for internal use: ${Key}`,
      );
    }
    merged[Key] = Value;
  }
  // Its own do not count. Source: AWS tagging guide, "Tag naming limits and requirements".
  const counting = Object.keys(merged).filter((key) => !key.startsWith("aws:"));
  if (counting.length > 50) {
    throw refuse("TagLimitExceeded", "The maximum number of tags for a resource is 50");
  }
  return merged;
};

export const tagsFor = (
  specifications: readonly TagSpecification[] | undefined,
  resourceType: string,
): Tags =>
  (specifications ?? [])
    .filter((specification) => specification.ResourceType === resourceType)
    .reduce<Tags>((tags, specification) => readTags(specification.Tags, tags), {});

export const tagList = (tags: Tags): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/**
 * Client tokens: the same token with the same parameters gives what was made before; with others it is refused.
 * `scope` holds the operation and, where the token is zonal, the zone. Failed calls leave no trace.
 */
export const oncePerToken = (
  region: RegionState,
  request: {
    readonly scope: string;
    readonly token: string | undefined;
    readonly parameters: object;
  },
  create: () => readonly string[],
): readonly string[] => {
  if (request.token === undefined || request.token === "") return create();
  if (request.token.length > 64) {
    throw refuse("InvalidParameterValue", "The client token must have at most 64 characters");
  }
  const key = `${request.scope}#${request.token}`;
  const parameters = canonicalParameters(request.parameters);
  const earlier = region.tokens.get(key);
  if (earlier !== undefined) {
    if (earlier.parameters === parameters) return earlier.ids;
    throw refuse(
      "IdempotentParameterMismatch",
      "The request uses the same client token as a previous, but non-identical request.",
    );
  }
  const ids = create();
  region.tokens.set(key, { parameters, ids });
  return ids;
};
