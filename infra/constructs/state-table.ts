/** The one table: on demand, encrypted, restorable to any second of the last 35 days, and not deleted by mistake. */
import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { stateTableSchema } from "../../adapters/store/schema.ts";

const text = (name: string) => ({ name, type: AttributeType.STRING });

export class StateTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, stage: string) {
    super(scope, id);
    this.table = new TableV2(this, "Table", {
      tableName: `spot-optimizer-${stage}`,
      partitionKey: text(stateTableSchema.partitionKey),
      sortKey: text(stateTableSchema.sortKey),
      globalSecondaryIndexes: stateTableSchema.indexes.map((index) => ({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: ProjectionType[stateTableSchema.projection],
      })),
      timeToLiveAttribute: stateTableSchema.timeToLiveAttribute,
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
