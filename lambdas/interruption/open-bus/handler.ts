import { eventBridgeClient, noCustomerAccess } from "../../runtime/clients.ts";
import * as variables from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { runStep } from "../../runtime/step.ts";
import { openBusStep } from "./step.ts";

const environment = variables.readEnvironment(variables.busEnvironmentSchema);
const context = {
  ...lambdaContext(openBusStep.name, () => noCustomerAccess),
  eventBridge: eventBridgeClient(environment.AWS_REGION),
  eventBusName: environment.EVENT_BUS_NAME,
};

export const handler = (event: unknown): Promise<unknown> => runStep(openBusStep, context, event);
