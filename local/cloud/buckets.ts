/**
 * Throttles requests as EC2 does: token buckets per account, region and operation. Source of the figures: EC2
 * developer guide, "Request throttling for the Amazon EC2 API" (its tables of request and of resource token buckets).
 */
import type { Clock } from "./clock.ts";

interface Limit {
  readonly burst: number;
  readonly refillPerSecond: number;
}

const described: Limit = { burst: 100, refillPerSecond: 20 };
const describedAtLarge: Limit = { burst: 50, refillPerSecond: 10 };
const mutating: Limit = { burst: 50, refillPerSecond: 5 };

const ofItsOwn: Limit = { burst: 100, refillPerSecond: 5 };

/** "Uncategorized actions": those with figures of their own. */
const requests: Readonly<Record<string, Limit>> = {
  RunInstances: { burst: 5, refillPerSecond: 2 },
  StartInstances: { burst: 5, refillPerSecond: 2 },
  CreateTags: { burst: 100, refillPerSecond: 10 },
  DeleteTags: { burst: 100, refillPerSecond: 10 },
  TerminateInstances: ofItsOwn,
  AssignPrivateIpAddresses: ofItsOwn,
  UnassignPrivateIpAddresses: ofItsOwn,
  CreateSnapshot: ofItsOwn,
  CreateSnapshots: ofItsOwn,
  DeleteSnapshot: ofItsOwn,
  DeregisterImage: ofItsOwn,
  CreateVolume: ofItsOwn,
  DeleteVolume: ofItsOwn,
  CreateLaunchTemplateVersion: ofItsOwn,
  CreateNetworkInterface: ofItsOwn,
  DeleteNetworkInterface: ofItsOwn,
  ModifyNetworkInterfaceAttribute: ofItsOwn,
};

/** Instances that the requests name are counted too. */
const instances: Readonly<Record<string, Limit>> = {
  RunInstances: { burst: 1000, refillPerSecond: 2 },
  StartInstances: { burst: 1000, refillPerSecond: 2 },
  StopInstances: { burst: 1000, refillPerSecond: 20 },
  TerminateInstances: { burst: 1000, refillPerSecond: 20 },
};

/** "Unfiltered and unpaginated non-mutating actions", the whole list: naming ids is neither a filter nor a page. */
const costlyAtLarge: ReadonlySet<string> = new Set([
  "DescribeInstances",
  "DescribeInstanceStatus",
  "DescribeNetworkInterfaces",
  "DescribeSecurityGroups",
  "DescribeSnapshots",
  "DescribeSpotInstanceRequests",
  "DescribeVolumes",
]);

interface Bucket {
  tokens: number;
  atMs: number;
}

interface Ec2Request {
  readonly accountId: string;
  readonly region: string;
  readonly operation: string;
  readonly mutating: boolean;
  readonly input: unknown;
}

export interface Buckets {
  /** Takes the request's tokens; false if there are too few, and then none is taken. */
  take(request: Ec2Request): boolean;
}

interface Need {
  readonly name: string;
  readonly limit: Limit;
  readonly tokens: number;
}

export const createBuckets = (clock: Clock): Buckets => {
  const buckets = new Map<string, Bucket>();

  const fill = (key: string, limit: Limit): Bucket => {
    const now = clock.now();
    const bucket = buckets.get(key) ?? { tokens: limit.burst, atMs: now };
    const gained = ((now - bucket.atMs) / 1000) * limit.refillPerSecond;
    bucket.tokens = Math.min(limit.burst, bucket.tokens + gained);
    bucket.atMs = now;
    buckets.set(key, bucket);
    return bucket;
  };

  return {
    take: (request) => {
      const wanted = needsOf(request).map(({ name, limit, tokens }) => ({
        bucket: fill(`${request.accountId}/${request.region}/${name}`, limit),
        tokens,
      }));
      if (wanted.some(({ bucket, tokens }) => bucket.tokens < tokens)) return false;
      for (const { bucket, tokens } of wanted) bucket.tokens -= tokens;
      return true;
    },
  };
};

const needsOf = (request: Ec2Request): readonly Need[] => {
  const { operation } = request;
  const perInstance = instances[operation];
  return [
    { ...requestBucketOf(request), tokens: 1 },
    ...(perInstance === undefined
      ? []
      : [{ name: `${operation}#instances`, limit: perInstance, tokens: instanceCount(request) }]),
  ];
};

const requestBucketOf = (request: Ec2Request): Omit<Need, "tokens"> => {
  const { operation } = request;
  if (request.mutating) return { name: operation, limit: requests[operation] ?? mutating };
  if (!costlyAtLarge.has(operation) || isNarrowed(request.input)) {
    return { name: operation, limit: described };
  }
  return { name: `${operation}#at-large`, limit: describedAtLarge };
};

const isNarrowed = (input: unknown): boolean => {
  const { Filters: filters, MaxResults: limit } = input as {
    readonly Filters?: readonly unknown[];
    readonly MaxResults?: number;
  };
  return limit !== undefined || (filters !== undefined && filters.length > 0);
};

const instanceCount = (request: Ec2Request): number => {
  const { MaxCount: count, InstanceIds: ids } = request.input as {
    readonly MaxCount?: number;
    readonly InstanceIds?: readonly string[];
  };
  return count ?? ids?.length ?? 1;
};
