/** What a simulated service is: typed functions over state. The wire and the fronts know no more than this. */

import type { ServiceId } from "../schemas/services.ts";
import type { Asked } from "./iam/policy.ts";

export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  /** Set for the session of an assumed role. */
  readonly roleArn?: string;
  readonly sessionName?: string;
  /** `AIDA…` of a user, `AROA…:<session>` of a role's session, as GetCallerIdentity tells it. */
  readonly userId?: string;
}

export interface Call {
  readonly service: ServiceId;
  readonly operation: string;
  readonly region: string;
  readonly caller: Caller;
  readonly requestId: string;
  /** Milliseconds since the epoch on the cloud's clock. */
  readonly at: number;
}

/** An answer that is a refusal, with AWS's own error code. `status` as AWS sends it. */
export class CloudError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "CloudError";
    this.code = code;
    this.status = status;
  }
}

/** Typed by the SDK's command inputs and outputs. */
export type Handler<Input, Output> = (call: Call, input: Input) => Output | Promise<Output>;

export interface ServiceModule {
  readonly service: ServiceId;
  /** By operation name as the API spells it, for instance `RunInstances`. */
  readonly operations: Readonly<Record<string, Handler<never, unknown>>>;
  /** By operation: what a call is authorised for. One that is not listed is authorised for its own action alone, on no resource. */
  readonly authorization?: Readonly<Record<string, Authorization<never>>>;
  /** By operation: what a dry run looks at beside the permission, and refuses. † EC2 promises the permission alone. */
  readonly dryRuns?: Readonly<Record<string, Handler<never, unknown>>>;
}

/** Told from the state before the call. A resource that does not exist is left out: its handler says so. */
export type Authorization<Input> = (call: Call, input: Input) => readonly Asked[];

/** A record while whoever makes it still writes to it. */
export type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
