/** What a customer chooses when he applies a template: a parameter for each choice, and a condition on it. */
import type { Feature } from "../access/features.ts";
import { roleOptions, type RoleOption, type RolePart } from "../access/parts/part.ts";

export const pascalCase = (feature: Feature): string =>
  `${feature.slice(0, 1).toUpperCase()}${feature.slice(1)}`;

export const parameterOf = (choice: Choice): string => `Allow${choice.name}`;
export const conditionOf = (choice: Pick<Choice, "name">): string => `Allows${choice.name}`;

/** A part of the role, or an option within the parts. */
interface Choice {
  readonly name: string;
  readonly purpose: string;
  readonly isOptIn?: true;
}

export const choiceOf = ({ feature, purpose, isOptIn }: RolePart): Choice => ({
  name: pascalCase(feature),
  purpose,
  ...(isOptIn && { isOptIn }),
});

/** Options of which a statement of these parts depends. */
export const optionsOf = (parts: readonly RolePart[]): readonly Choice[] => {
  const used = new Set(
    parts.flatMap(({ statements }) => statements.flatMap(({ where }) => where?.option ?? [])),
  );
  return (Object.keys(roleOptions) as RoleOption[])
    .filter((option) => used.has(option))
    .map((name) => ({ name, ...roleOptions[name] }));
};

export const parameter = ({ purpose, isOptIn }: Choice) => ({
  Type: "String",
  Description: purpose,
  AllowedValues: ["true", "false"],
  Default: String(isOptIn !== true),
});

export const condition = (choice: Choice) => ({
  "Fn::Equals": [{ Ref: parameterOf(choice) }, "true"],
});

/** A record with an entry for each. */
export const forEach = <Each, Value>(
  these: readonly Each[],
  nameOf: (one: Each) => string,
  make: (one: Each) => Value,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(these.map((one) => [nameOf(one), make(one)]));
