import { webhookPost } from "../../../adapters/webhook/post.ts";
import * as clients from "../../runtime/clients.ts";
import * as variables from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { runStep } from "../../runtime/step.ts";
import { deliverStep } from "./step.ts";

const environment = variables.readEnvironment(variables.deliverEnvironmentSchema);
const context = {
  ...lambdaContext<"sns">(deliverStep.name, (parts) =>
    clients.customerAccess(parts, { sns: clients.snsClient }),
  ),
  eventBridge: clients.eventBridgeClient(environment.AWS_REGION),
  noticeBusName: environment.NOTICE_BUS_NAME,
  kms: clients.kmsClient(environment.AWS_REGION),
  webhookKeyArn: environment.WEBHOOK_KEY_ARN,
  postWebhook: webhookPost(),
  apiUrl: environment.API_URL,
};

export const handler = (event: unknown): Promise<unknown> => runStep(deliverStep, context, event);
