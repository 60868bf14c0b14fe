/** What the control API is given. The same on Node and behind API Gateway. */
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { STSClient } from "@aws-sdk/client-sts";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Table } from "../../adapters/store/table.ts";
import type { OwnRole } from "../../core/approval/role-trust.ts";
import type { AccountId } from "../../core/model/ids.ts";
import type { StartContext } from "../evaluation/start.ts";
import type { CustomerAccess } from "../runtime/context.ts";
import type { Log } from "../runtime/log.ts";

export interface ApiContext {
  readonly now: () => Date;
  readonly table: Table;
  readonly sts: STSClient;
  readonly sfn: SFNClient;
  readonly lambda: LambdaClient;
  /** ARN of the function that judges one region of a preflight. */
  readonly preflightPlaceArn: string;
  readonly workflowOf: StartContext["workflowOf"];
  readonly customer: CustomerAccess<
    "autoScaling" | "ec2" | "eks" | "kms" | "serviceQuotas"
  >["customer"];
  /** 20 characters of `0-9a-z`, unguessable: 100 bits in base 32. */
  readonly randomId: () => string;
  readonly log: Log;
  /** True where AWS is simulated; said by GET /health. */
  readonly emulated: boolean;
  readonly version: string;
  readonly ownAccountId: string;
  readonly region: string;
  /** Which of our roles may assume the customer role: those under one path, see `trustedRolePattern`. */
  readonly trustedRolePattern: string;
  /** ARN of the bus to which customers' accounts forward events. */
  readonly eventBusArn: string;
  /** Seals the secret of a webhook, which is shown to nobody from then on. In base64. */
  readonly seal: (accountId: AccountId, secret: string) => Promise<string>;
  /** Of our own account, by its name; undefined where IAM has none. */
  readonly roleNamed: (roleName: string) => Promise<OwnRole | undefined>;
}

/** API Gateway's event as far as the API reads it; absent on Node. */
export interface ApiHonoEnvironment {
  Bindings: {
    readonly event?: {
      readonly requestContext?: {
        /** As the client asked, stage or base path included. */
        readonly path?: string;
        readonly identity?: {
          readonly userArn?: string | null;
          /** Unique id: `AIDA…`, or `AROA…:session`. */
          readonly caller?: string | null;
          readonly accountId?: string | null;
          readonly cognitoIdentityId?: string | null;
        };
      };
    };
  };
}

export type ApiApp = OpenAPIHono<ApiHonoEnvironment>;
export type ApiRequest = Context<ApiHonoEnvironment>;

export const apiBasePath = "/api/v1";
