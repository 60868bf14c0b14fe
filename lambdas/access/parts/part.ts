/** What a part of the customer's role is made of. */
import type { Feature } from "../features.ts";

/** What a customer allows or forbids within the parts, by the end of the parameter's name: `Allow…`. */
export const roleOptions = {
  OnDemandFallback: {
    purpose:
      "Launch On-Demand where a load on Spot needs it, always tagged spot-optimizer:purpose=fallback. Without it nothing but Spot is launched.",
  },
  EnforcerTermination: {
    purpose:
      "Terminate instances that nobody owns, where terminate_after_days is set and persons have agreed. Without it they are stopped alone.",
    isOptIn: true,
  },
} as const satisfies Readonly<
  Record<string, { readonly purpose: string; readonly isOptIn?: true }>
>;
export type RoleOption = keyof typeof roleOptions;

export interface RoleStatement {
  readonly sid: string;
  /** Allow unless said otherwise. */
  readonly effect?: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
  /** Stands in the policy only where the customer chose so. Absent: always. */
  readonly where?: { readonly option: RoleOption; readonly allowed: boolean };
}

/** One managed policy, which the customer attaches or leaves out. */
export interface RolePart {
  readonly feature: Feature;
  /** What the customer gets for it, in the template's words. */
  readonly purpose: string;
  /** Left out unless the customer chooses it: an update of his stack gives nobody the right to delete what is his. */
  readonly isOptIn?: true;
  readonly statements: readonly RoleStatement[];
}
