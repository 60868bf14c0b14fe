/** The resources of a simulated EC2 call, as its authorisation asks for them: those that are there, those that it makes, and names. */
import type { TagSpecification } from "@aws-sdk/client-ec2";
import { type ResourceFacts, asked } from "../iam/asked.ts";
import type { Asked } from "../iam/policy.ts";
import type { Instance, RegionState, Resource, Tags } from "./state.ts";
import { shelfOf } from "./tags.ts";

/** Images and snapshots have no account in their ARN. */
const withoutAccount: ReadonlySet<string> = new Set(["image", "snapshot"]);

const arnOf = ({ region, accountId }: RegionState, type: string, id: string): string =>
  `arn:aws:ec2:${region}:${withoutAccount.has(type) ? "" : accountId}:${type}/${id}`;

const isInstance = (resource: Resource): resource is Instance => "instanceType" in resource;

const keysOf = (resource: Resource): ResourceFacts["keys"] =>
  isInstance(resource)
    ? {
        "ec2:InstanceMarketType": resource.lifecycle === "spot" ? "spot" : "on-demand",
        "ec2:InstanceType": resource.instanceType,
        "ec2:Tenancy": resource.tenancy,
      }
    : undefined;

/** One that is there: what does not exist is refused by the operation itself. */
export const existing = (
  region: RegionState,
  id: string | undefined,
  requestTags?: Tags,
): readonly ResourceFacts[] => {
  if (id === undefined) return [];
  const { type, resources } = shelfOf(id);
  const resource = resources(region).get(id);
  if (resource === undefined) return [];
  const { tags } = resource;
  return [{ arn: arnOf(region, type, id), type, tags, requestTags, keys: keysOf(resource) }];
};

/** One that the call makes: it has no id yet. */
export const made = (
  region: RegionState,
  type: string,
  given: Pick<ResourceFacts, "requestTags" | "keys"> = {},
): ResourceFacts => ({ arn: arnOf(region, type, "*"), type, ...given });

/** One that is only named: no tags of it are known here. */
export const named = (region: RegionState, type: string, name: string): ResourceFacts => ({
  arn: arnOf(region, type, name),
  type,
});

export const optionallyNamed = (
  region: RegionState,
  type: string,
  name: string | undefined,
): readonly ResourceFacts[] => (name === undefined ? [] : [named(region, type, name)]);

export const tagsOf = (tags: TagSpecification["Tags"]): Tags =>
  Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

export const requestTagsOf = (
  specifications: readonly TagSpecification[] | undefined,
  type: string,
): Tags | undefined => {
  const own = (specifications ?? []).find(({ ResourceType: of }) => of === type);
  return own === undefined ? undefined : tagsOf(own.Tags);
};

/** What is tagged at its creation is tagged under CreateTags, which can ask by which call. */
export const tagsAtCreation = (
  region: RegionState,
  creating: string,
  specifications: readonly TagSpecification[] | undefined,
): readonly Asked[] =>
  (specifications ?? [])
    .filter(({ Tags: tags = [] }) => tags.length > 0)
    .map(({ ResourceType: type = "instance", Tags: tags }) =>
      asked("ec2:CreateTags", [
        made(region, type, { requestTags: tagsOf(tags), keys: { "ec2:CreateAction": creating } }),
      ]),
    );
