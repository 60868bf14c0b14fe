/** Whether an instance has an owner that the enforcer knows: a registered target, a service, a tool, or what the account's owner lists. */
import type { AllowedTag, EnforcerSettings } from "../model/enforcer.ts";
import type { SeenInstance } from "../model/seen-instance.ts";
import { deploymentTag, managedByTag } from "../model/tags.ts";
import { isWrittenByAws, ownerTagOn } from "./owner-lists.ts";

export interface Rules {
  readonly settings: Pick<
    EnforcerSettings,
    "allowedImageIds" | "allowedInstanceIds" | "allowedPrincipals" | "allowedTags"
  >;
  /** Registered targets of the place, and subjects and swaps of open evaluations. */
  readonly held: ReadonlySet<string>;
  /** Members of Auto Scaling groups, as these list them: their tags come later. */
  readonly members: ReadonlySet<string>;
  /** ECS places tasks on them, as its clusters list them: those that joined by themselves carry no tag of it. */
  readonly containerInstances: ReadonlySet<string>;
}

export type Standing =
  | {
      readonly kind: "OWNED";
      readonly by:
        | "SPOT_OPTIMIZER"
        | "AWS_SERVICE"
        | "LIFECYCLE"
        | "GROUP_MEMBER"
        | "OWNER_TAG"
        | "ALLOW_LIST";
      /** A tag that anybody may write is all that speaks for it. */
      readonly byTagOnly: boolean;
    }
  | { readonly kind: "UNOWNED" };

type Owned = Extract<Standing, { readonly kind: "OWNED" }>;

const byFact = (by: Owned["by"]): Owned => ({ kind: "OWNED", by, byTagOnly: false });
const byTag = (by: Owned["by"]): Owned => ({ kind: "OWNED", by, byTagOnly: true });

const isTagged = (tags: SeenInstance["tags"], { key, value }: AllowedTag): boolean =>
  Object.hasOwn(tags, key) && (value === undefined || tags[key] === value);

const isListed = (instance: SeenInstance, { settings }: Rules): boolean =>
  settings.allowedInstanceIds.includes(instance.instanceId) ||
  settings.allowedImageIds.includes(instance.imageId) ||
  instance.principals.some((each) => settings.allowedPrincipals.includes(each));

const ownedByFact = (instance: SeenInstance, rules: Rules): Owned | undefined => {
  const { instanceId, isManaged, lifecycle } = instance;
  if (rules.held.has(instanceId)) return byFact("SPOT_OPTIMIZER");
  if (isManaged) return byFact("AWS_SERVICE");
  if (lifecycle !== undefined) return byFact("LIFECYCLE");
  if (rules.members.has(instanceId)) return byFact("GROUP_MEMBER");
  if (rules.containerInstances.has(instanceId)) return byFact("AWS_SERVICE");
  return isListed(instance, rules) ? byFact("ALLOW_LIST") : undefined;
};

const ownedByTag = ({ tags }: SeenInstance, { settings }: Rules): Owned | undefined => {
  const found = ownerTagOn(tags);
  if (found !== undefined && isWrittenByAws(found)) return byFact("OWNER_TAG");
  // Of whatever deployment: another one's is not ours to stop.
  const isOfProduct =
    Object.hasOwn(tags, deploymentTag) || tags[managedByTag.key] === managedByTag.value;
  if (isOfProduct) return byTag("SPOT_OPTIMIZER");
  if (found !== undefined) return byTag("OWNER_TAG");
  return settings.allowedTags.some((each) => isTagged(tags, each))
    ? byTag("ALLOW_LIST")
    : undefined;
};

export const standingOf = (instance: SeenInstance, rules: Rules): Standing =>
  ownedByFact(instance, rules) ?? ownedByTag(instance, rules) ?? { kind: "UNOWNED" };
