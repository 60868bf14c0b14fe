/**
 * The published versions of our functions, as Lambda keeps them: each with the code that it was published with. Sources: Lambda API
 * reference (ListVersionsByFunction, DeleteFunction), Lambda developer guide, "Lambda function versions".
 */
import type {
  DeleteFunctionRequest,
  DeleteFunctionResponse,
  InvocationRequest,
  InvocationResponse,
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse,
} from "@aws-sdk/client-lambda";
import { isFunctionName, type FunctionName } from "../../lambdas/access/functions.ts";
import type { Clock } from "../cloud/clock.ts";
import { CloudError, type Handler, type ServiceModule } from "../cloud/contract.ts";
import type { Events } from "./events.ts";
import { steps, type AnyStep } from "./steps.ts";

interface Published {
  readonly version: number;
  readonly publishedMs: number;
  readonly step: AnyStep;
}

/** The code of a step, by its name: what a deployment changes. */
export type NewCode = ReadonlyMap<FunctionName, AnyStep>;

const notFound = (named: string): CloudError =>
  new CloudError("ResourceNotFoundException", `Function not found: ${named}`, 404);

/** What a name or an ARN means; without a version the newest. */
interface Named {
  readonly name: FunctionName;
  readonly version?: number;
}

export class Code {
  readonly #clock: Clock;
  readonly #arnPrefix: string;
  readonly #published = new Map<FunctionName, readonly Published[]>();
  /** A number is never given twice. */
  readonly #lastNumbers = new Map<FunctionName, number>();

  /** @param parts.arnPrefix `arn:aws:lambda:REGION:ACCOUNT:function:PREFIX`, to which a function's name is added */
  constructor(parts: { readonly clock: Clock; readonly arnPrefix: string }) {
    this.#clock = parts.clock;
    this.#arnPrefix = parts.arnPrefix;
    this.publish(steps);
  }

  /** Publishes a version of each of these functions. The versions before stay. */
  publish(code: NewCode): void {
    for (const [name, step] of code) {
      const version = (this.#lastNumbers.get(name) ?? 0) + 1;
      this.#lastNumbers.set(name, version);
      const published = { version, publishedMs: this.#clock.now(), step };
      this.#published.set(name, [...this.versionsOf(name), published]);
    }
  }

  versionsOf(name: FunctionName): readonly Published[] {
    return this.#published.get(name) ?? [];
  }

  arnOf(name: FunctionName): string {
    return `${this.#arnPrefix}${name}`;
  }

  /** ARN of the newest version. */
  newest(name: FunctionName): string {
    return `${this.arnOf(name)}:${String(this.versionsOf(name).at(-1)?.version ?? 1)}`;
  }

  /**
   * By name or ARN, with or without a version.
   * @throws CloudError ResourceNotFoundException for what is not a function
   */
  read(named: string): Named {
    const bare = named.startsWith(this.#arnPrefix) ? named.slice(this.#arnPrefix.length) : named;
    const [name = "", version] = bare.split(":");
    if (!isFunctionName(name)) throw notFound(named);
    return version === undefined || version === "$LATEST"
      ? { name }
      : { name, version: Number(version) };
  }

  /**
   * What runs under that name or ARN.
   * @throws Error with Lambda's name for a version that is not there
   */
  find(named: string): { readonly name: FunctionName; readonly step: AnyStep } {
    const { name, version } = this.read(named);
    const found = this.versionsOf(name).findLast(
      (each) => version === undefined || each.version === version,
    );
    if (found !== undefined) return { name, step: found.step };
    throw Object.assign(new Error(`Function not found: ${named}`), {
      name: "Lambda.ResourceNotFoundException",
    });
  }

  /** @throws CloudError ResourceNotFoundException */
  remove(name: FunctionName, version: number): void {
    const all = this.versionsOf(name);
    const kept = all.filter((each) => each.version !== version);
    if (kept.length === all.length) throw notFound(`${name}:${String(version)}`);
    this.#published.set(name, kept);
  }
}

/** What of Lambda's API our functions ask for. */
export const lambdaService = (code: Code, events: Events): ServiceModule => {
  const Invoke: Handler<InvocationRequest, InvocationResponse> = (
    _call,
    { FunctionName: named = "", InvocationType: type, Payload: payload },
  ) => {
    if (type !== "Event") {
      throw new Error("The call would be waited for: none of our functions does that.");
    }
    const { name } = code.read(named);
    const text = Buffer.from(payload ?? []).toString("utf8");
    events.hand(name, text === "" ? {} : JSON.parse(text));
    return { StatusCode: 202 };
  };

  const ListVersionsByFunction: Handler<
    ListVersionsByFunctionRequest,
    ListVersionsByFunctionResponse
  > = (_call, { FunctionName: named = "" }) => {
    const { name } = code.read(named);
    const published = code.versionsOf(name);
    const one = (version: string, ms: number) => ({
      FunctionName: name,
      FunctionArn: `${code.arnOf(name)}:${version}`,
      Version: version,
      // As Lambda writes it: with a numeric zone.
      LastModified: new Date(ms).toISOString().replace("Z", "+0000"),
    });
    return {
      Versions: [
        one("$LATEST", published.at(-1)?.publishedMs ?? 0),
        ...published.map(({ version, publishedMs }) => one(String(version), publishedMs)),
      ],
    };
  };

  const DeleteFunction: Handler<DeleteFunctionRequest, DeleteFunctionResponse> = (
    _call,
    { FunctionName: named = "", Qualifier: qualifier },
  ) => {
    const { name, version } = code.read(qualifier === undefined ? named : `${named}:${qualifier}`);
    if (version === undefined) {
      throw new Error("The whole function would be deleted: none of our steps does that.");
    }
    code.remove(name, version);
    return {};
  };

  return { service: "lambda", operations: { Invoke, ListVersionsByFunction, DeleteFunction } };
};
