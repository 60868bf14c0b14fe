/** Fills `${Name}` placeholders in a definition, as CloudFormation's DefinitionSubstitutions does. */

import type { Json } from "./json.ts";
import { isJsonList, isJsonObject } from "./json.ts";
import type { DefinitionProblem } from "./validate/problems.ts";
import { DefinitionRefused } from "./validate/problems.ts";

const placeholder = /\$\{(?<name>[A-Za-z0-9_]+)\}/gu;

const fill = (
  value: Json,
  substitutions: Readonly<Record<string, string>>,
  missing: Set<string>,
): Json => {
  if (typeof value === "string") {
    return value.replaceAll(placeholder, (match, name: string) => {
      const text = Object.hasOwn(substitutions, name) ? substitutions[name] : undefined;
      if (text === undefined) missing.add(name);
      return text ?? match;
    });
  }
  if (isJsonList(value)) return value.map((element) => fill(element, substitutions, missing));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, content]) => [key, fill(content, substitutions, missing)]),
  );
};

/** @throws DefinitionRefused naming the placeholders that nothing is given for */
export const substitute = (
  machine: string,
  definition: Json,
  substitutions: Readonly<Record<string, string>>,
): Json => {
  const missing = new Set<string>();
  const filled = fill(definition, substitutions, missing);
  if (missing.size > 0) {
    const problems: DefinitionProblem[] = [...missing].map((name) => ({
      field: `\${${name}}`,
      problem: "has no substitution",
    }));
    throw new DefinitionRefused(machine, problems);
  }
  return filled;
};
