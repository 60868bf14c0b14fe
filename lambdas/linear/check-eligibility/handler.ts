import { classicElbClient, customerAccess, ec2Client } from "../../runtime/clients.ts";
import { elbClient, kmsClient, serviceQuotasClient, ssmClient } from "../../runtime/clients.ts";
import { makeHandler } from "../../runtime/make-handler.ts";
import { checkEligibilityStep } from "./step.ts";

export const handler = makeHandler(checkEligibilityStep, (parts) => ({
  ...customerAccess(parts, {
    classicElb: classicElbClient,
    ec2: ec2Client,
    elb: elbClient,
    kms: kmsClient,
    serviceQuotas: serviceQuotasClient,
    ssm: ssmClient,
  }),
  marketEc2: ec2Client,
}));
