/** What a part of the customer's role is made of. */
import type { Feature } from "../features.ts";

export interface RoleStatement {
  readonly sid: string;
  /** Allow unless said otherwise. */
  readonly effect?: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

/** One managed policy, which the customer attaches or leaves out. */
export interface RolePart {
  readonly feature: Feature;
  /** What the customer gets for it, in the template's words. */
  readonly purpose: string;
  readonly statements: readonly RoleStatement[];
}
