/** Wires the control API into Lambda, behind API Gateway's REST API (payload version 1). */
import { handle } from "hono/aws-lambda";
import { customerAccess, ec2Client, stsClient, workflowClient } from "../runtime/clients.ts";
import { apiEnvironmentSchema, readEnvironment, workflowsOf } from "../runtime/environment.ts";
import { lambdaContext } from "../runtime/make-handler.ts";
import { randomId } from "../runtime/random-id.ts";
import { createApi } from "./create-api.ts";

const environment = readEnvironment(apiEnvironmentSchema);

// eslint-disable-next-line @typescript-eslint/no-deprecated -- Hono 4 carries it; its successor package is for Hono 5.
export const handler = handle(
  createApi({
    ...lambdaContext("api", (parts) => customerAccess(parts, { ec2: ec2Client })),
    sts: stsClient(environment.AWS_REGION),
    sfn: workflowClient(environment.AWS_REGION),
    workflowOf: workflowsOf(environment),
    randomId,
    emulated: false,
    version: environment.PRODUCT_VERSION,
    ownAccountId: environment.OWN_ACCOUNT_ID,
    region: environment.AWS_REGION,
    trustedRolePattern: environment.TRUSTED_ROLE_PATTERN,
  }),
);
