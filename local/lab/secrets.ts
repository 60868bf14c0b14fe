/** Credentials, the ExternalId and user data: collected as they are given out, and looked for where they must not be. */
import type { Evaluation } from "../../core/model/evaluation.ts";
import { loadFacts, loadOffers } from "../../adapters/store/evaluations.ts";
import type { Platform } from "../platform/platform.ts";

interface AssumedRole {
  readonly Credentials?: {
    readonly AccessKeyId?: string;
    readonly SecretAccessKey?: string;
    readonly SessionToken?: string;
  };
}

export interface Secrets {
  readonly values: ReadonlySet<string>;
  add(value: string): void;
}

/** What an evaluation left to read: see `Ending`. */
interface Readable {
  readonly evaluation: Evaluation;
  readonly answer: unknown;
  readonly intents: unknown;
  readonly effects: unknown;
}

/** From now on. */
export const collectSecrets = (platform: Platform): Secrets => {
  const values = new Set<string>();
  platform.cloud.faults.after(({ operation }, output) => {
    if (operation !== "AssumeRole") return;
    const { Credentials: given } = output as AssumedRole;
    for (const value of [given?.AccessKeyId, given?.SecretAccessKey, given?.SessionToken]) {
      if (value !== undefined) values.add(value);
    }
  });
  return { values, add: (value) => values.add(value) };
};

/** Everything that an operator, a console or a log shows of an evaluation, by the name of the place. */
const placesOf = async (
  platform: Platform,
  story: Readable,
  logged: readonly string[],
): Promise<Readonly<Record<string, unknown>>> => {
  const { evaluation } = story;
  const arn = evaluation.executionArn;
  return {
    "the record": evaluation,
    "the API's answer": story.answer,
    "the intents": story.intents,
    "the effects": story.effects,
    "the facts": await loadFacts(platform.table, evaluation.evaluationId),
    "the offers": await loadOffers(platform.table, evaluation.evaluationId),
    // An evaluation whose start was cut off has none.
    ...(arn === undefined
      ? {}
      : {
          "the execution": await platform.interpreter.describe(arn),
          "the execution's history": await platform.interpreter.history(arn),
        }),
    "the log": logged,
  };
};

/** Of EKS: known by its form, since each call mints its own. */
const clusterToken = /k8s-aws-v1\.[\w-]{20}/;
const shortestClusterToken = "k8s-aws-v1.".length + 20;

/** Stands in no secret. */
const separator = "\0";

/**
 * Each text and each name in it once: what a state gave is what the next one takes, and both stand in the history. Those that are
 * shorter than any secret are left out.
 */
const textsIn = (
  value: unknown,
  shortest: number,
  texts = new Set<string>(),
): ReadonlySet<string> => {
  if (typeof value === "string" && value.length >= shortest) texts.add(value);
  if (typeof value !== "object" || value === null) return texts;
  if (Array.isArray(value)) {
    for (const member of value) textsIn(member, shortest, texts);
    return texts;
  }
  for (const name of Object.keys(value)) {
    if (name.length >= shortest) texts.add(name);
    textsIn((value as Readonly<Record<string, unknown>>)[name], shortest, texts);
  }
  return texts;
};

/** Names of the places at which a secret can be read. */
export const findLeaks = async (
  platform: Platform,
  story: Readable,
  found: { readonly secrets: Secrets; readonly logged: readonly string[] },
): Promise<readonly string[]> => {
  const places = await placesOf(platform, story, found.logged);
  const secrets = [...found.secrets.values];
  const shortest = Math.min(shortestClusterToken, ...secrets.map(({ length }) => length));
  const isIn = (content: unknown): boolean => {
    const whole = [...textsIn(content, shortest)].join(separator);
    return clusterToken.test(whole) || secrets.some((value) => whole.includes(value));
  };
  // The places tell much the same: all at once is looked through in a fraction of the time.
  if (!isIn(places)) return [];
  return Object.entries(places).flatMap(([name, content]) =>
    isIn(content) ? [`a secret stands in ${name}`] : [],
  );
};
