/** Wires the control API into Lambda, behind API Gateway's REST API (payload version 1). */
import { seal } from "../../adapters/aws/sealed.ts";
import {
  autoScalingClient,
  codeClient,
  customerAccess,
  ec2Client,
  eksClient,
  kmsClient,
  serviceQuotasClient,
  stsClient,
  workflowClient,
} from "../runtime/clients.ts";
import { apiEnvironmentSchema, readEnvironment, workflowsOf } from "../runtime/environment.ts";
import { lambdaContext } from "../runtime/make-handler.ts";
import { ownRoles } from "../runtime/own-roles.ts";
import { randomId } from "../runtime/random-id.ts";
import { gatewayHandlerOf } from "./gateway.ts";
import { apiByNoun } from "./nouns.ts";

const environment = readEnvironment(apiEnvironmentSchema);
const { WEBHOOK_KEY_ARN: keyArn } = environment;
const kms = kmsClient(environment.AWS_REGION);

export const handler = gatewayHandlerOf(
  apiByNoun({
    ...lambdaContext("api", (parts) =>
      customerAccess(parts, {
        autoScaling: autoScalingClient,
        ec2: ec2Client,
        eks: eksClient,
        kms: kmsClient,
        serviceQuotas: serviceQuotasClient,
      }),
    ),
    sts: stsClient(environment.AWS_REGION),
    sfn: workflowClient(environment.AWS_REGION),
    lambda: codeClient(environment.AWS_REGION),
    preflightPlaceArn: environment.PREFLIGHT_PLACE_FUNCTION_ARN,
    workflowOf: workflowsOf(environment),
    randomId,
    emulated: false,
    version: environment.PRODUCT_VERSION,
    ownAccountId: environment.OWN_ACCOUNT_ID,
    region: environment.AWS_REGION,
    trustedRolePattern: environment.TRUSTED_ROLE_PATTERN,
    eventBusArn: environment.EVENT_BUS_ARN,
    roleNamed: ownRoles(environment.AWS_REGION),
    seal: (accountId, secret) => seal(kms, { keyArn, accountId }, secret),
  }),
);
