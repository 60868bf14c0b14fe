/** Reads settings as they are typed, `max_risk=0.1`, for policies. */
import { InvalidArgumentError } from "commander";

export type Settings = Readonly<Record<string, unknown>>;

/** JSON where it is some, as a number or a list; else the text itself. */
const valueOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
};

/** For an option that may be given several times. */
export const setting = (text: string, earlier: Settings = {}): Settings => {
  const [name = "", ...rest] = text.split("=");
  if (!/^[a-z][a-z0-9_]*$/.test(name) || rest.length === 0) {
    throw new InvalidArgumentError("It must be name=value, as max_risk=0.1.");
  }
  return { ...earlier, [name]: valueOf(rest.join("=")) };
};

/** As JSON, for people. */
export const valueText = (value: unknown): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
