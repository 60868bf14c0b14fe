/**
 * What an owner can give so that a refusal falls: a consent, a permission, a tag. A preflight judges again as if it were given, so that it
 * tells all that is missing at once, and whether giving it is worth the while.
 */
import type { Account } from "../../../model/account.ts";
import type { Missing } from "../../../model/preflight.ts";
import { enrolTag } from "../../../model/tags.ts";
import type { Target } from "../../../model/target.ts";
import type { Verdict, VerdictReason } from "../../../model/verdict.ts";
import { limitName } from "../../../policy/limit-name.ts";
import type { Policy, PolicyOverrides } from "../../../policy/policy.ts";
import { missingActions } from "../../switch/registration.ts";

/** As what a subject is judged. */
export interface Supposed {
  readonly account: Account;
  /** Of the target. */
  readonly overrides: PolicyOverrides;
  /** Everything carries the tag by which its owner lets us change it. */
  readonly isEnrolled: boolean;
}

interface Lift {
  readonly kind: Missing["kind"];
  readonly names: (supposed: Supposed, target: Target) => readonly string[];
  readonly given: (supposed: Supposed) => Supposed;
}

type Switchable = {
  readonly [Key in keyof Policy]: Policy[Key] extends boolean ? Key : never;
}[keyof Policy];

const consent = (limit: Switchable): Lift => ({
  kind: "CONSENT",
  names: () => [`${limitName(limit)}=true`],
  given: (supposed) => ({ ...supposed, overrides: { ...supposed.overrides, [limit]: true } }),
});

const change = (what: Policy["acceptChangeOf"][number]): Lift => ({
  kind: "CONSENT",
  names: () => [`${limitName("acceptChangeOf")}=${what}`],
  given: ({ overrides, ...others }) => ({
    ...others,
    overrides: { ...overrides, acceptChangeOf: [...(overrides.acceptChangeOf ?? []), what] },
  }),
});

const permission: Lift = {
  kind: "PERMISSION",
  names: ({ account }, target) => [
    ...new Set(missingActions({ account, target }).map(({ action }) => action)),
  ],
  given: ({ account, ...others }) => {
    const { permissions: _asVerified, ...granted } = account;
    return { ...others, account: granted };
  },
};

const enrolment: Lift = {
  kind: "TAG",
  names: () => [`${enrolTag.key}=${enrolTag.value}`],
  given: (supposed) => ({ ...supposed, isEnrolled: true }),
};

const lifts: Readonly<Partial<Record<VerdictReason, Lift>>> = {
  UNPROVED: consent("acceptUnproved"),
  PROD_NOT_ALLOWED: consent("allowProdLinear"),
  IAC_MANAGED: consent("acceptIacDrift"),
  OWNER_STOPS_IT: consent("acceptOwnerStops"),
  RETAINED_INSTANCES: consent("acceptRetainedInstances"),
  PRIMARY_PRIVATE_IP_WOULD_CHANGE: change("primary-private-ip"),
  PUBLIC_IP_WOULD_CHANGE: change("public-ip"),
  IPV6_WOULD_CHANGE: change("ipv6"),
  PERMISSION_MISSING: permission,
  NOT_ENROLLED: enrolment,
};

/** Undefined: nothing that an owner could simply give lifts it. */
export const liftOf = (
  { kind, reason, sentence }: Pick<Verdict, "kind" | "reason" | "sentence">,
  supposed: Supposed,
  target: Target,
): { readonly missing: readonly Missing[]; readonly supposed: Supposed } | undefined => {
  const lift = kind === "REFUSE" ? lifts[reason] : undefined;
  if (lift === undefined) return undefined;
  const missing = lift
    .names(supposed, target)
    .map((name): Missing => ({ kind: lift.kind, name, reason, sentence }));
  return { missing, supposed: lift.given(supposed) };
};
