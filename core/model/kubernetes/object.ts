/**
 * Parts that several objects of Kubernetes have, spelled as its API spells them. Facts keep of each object what a rule reads, and nothing that
 * can hold a secret: no environment, no command, no annotation that no rule names.
 */

export type Labels = Readonly<Record<string, string>>;

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  /** RFC 3339 */
  readonly lastTransitionTime?: string;
}

export interface Requirement {
  readonly key: string;
  /** In, NotIn, Exists, DoesNotExist; of nodes Gt and Lt besides. */
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly Requirement[];
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** By resource: `cpu` in cores, all others in bytes or pieces. */
export type Amounts = Readonly<Record<string, number>>;

export const conditionOf = (
  { conditions }: { readonly conditions: readonly Condition[] },
  type: string,
): Condition | undefined => conditions.find((condition) => condition.type === type);
