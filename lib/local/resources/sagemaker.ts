import { sameValue } from '../cloudformation/resource-type';
import type { ResourceType } from '../cloudformation/resource-type';
import type { SageMakerApi } from '../sagemaker-api';
import { endpointType } from './endpoint';
import { processingJobType } from './processing-job';
import { changeTags, nameOf, unlessGone, withNumbers } from './sagemaker-values';
import type { Tag } from './sagemaker-values';
import type { LocalServices } from './services';

export function sageMakerTypes({ sageMaker }: LocalServices): [string, ResourceType][] {
  return [
    ['AWS::SageMaker::Model', immutable(sageMaker, 'Model')],
    ['AWS::SageMaker::EndpointConfig', immutable(sageMaker, 'EndpointConfig')],
    ['AWS::SageMaker::Endpoint', endpointType(sageMaker)],
    ['AWS::SageMaker::ProcessingJob', processingJobType(sageMaker)],
  ];
}

/** Only its tags can be changed: whatever else changes, a new one is made, under a new name. */
function immutable(sageMaker: SageMakerApi, kind: 'Model' | 'EndpointConfig'): ResourceType {
  return {
    replaces(old, wanted) {
      const { Tags: _old, ...before } = old;
      const { Tags: _wanted, ...after } = wanted;
      return !sameValue(before, after);
    },
    async create(request) {
      const name = nameOf(request, `${kind}Name`);
      request.planned({ physicalId: name, attributes: { [`${kind}Name`]: name } });
      const answer = await sageMaker.call(`Create${kind}`, { ...withNumbers(request.properties), [`${kind}Name`]: name });
      return { physicalId: String(answer[`${kind}Arn`]), attributes: { [`${kind}Name`]: name, Id: String(answer[`${kind}Arn`]) } };
    },
    async update({ properties }, physical, old) {
      await changeTags(sageMaker, physical.physicalId, old.Tags as Tag[], properties.Tags as Tag[]);
      return physical;
    },
    delete: (_, { attributes }) => unlessGone(sageMaker.call(`Delete${kind}`, { [`${kind}Name`]: attributes[`${kind}Name`] })),
  };
}
