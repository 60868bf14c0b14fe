/** Types that the owner takes although they are smaller than the original, or of a kind that policy leaves out by itself. */
import type { InstanceTypeFacts } from "../../../model/market.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { TypeRule } from "./type-rule.ts";

/** `m5` names a family, `m5.large` one type. The entry that names it. */
export const entryFor = (
  { instanceType }: Pick<InstanceTypeFacts, "instanceType">,
  names: readonly string[],
): string | undefined => {
  const [family] = instanceType.split(".");
  return names.find((name) => name === instanceType || name === family);
};

const isWithin = (figure: number, { min, max }: { readonly min: number; readonly max: number }) =>
  figure >= min && figure <= max;

const isByAttributes = (
  { vcpu, memoryMib }: InstanceTypeFacts,
  { allowedAttributes }: Pick<Policy, "allowedAttributes">,
): boolean =>
  allowedAttributes.some(
    (allowed) => isWithin(vcpu, allowed.vcpu) && isWithin(memoryMib / 1024, allowed.gib),
  );

/** A rule that does not ask about types which the owner has named. */
export const unlessNamed =
  (rule: TypeRule): TypeRule =>
  (comparison) =>
    entryFor(comparison.type, comparison.policy.allowedTypes) === undefined
      ? rule(comparison)
      : undefined;

/** A rule about size, which does not ask about types that the owner has named, or whose size he has. */
export const unlessAllowed = (rule: TypeRule): TypeRule =>
  unlessNamed((comparison) =>
    isByAttributes(comparison.type, comparison.policy) ? undefined : rule(comparison),
  );
