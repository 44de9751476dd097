import { Diagnosis } from '../../../contracts/diagnosis.ts';
import { diagnose } from '../../../services/diagnosis/diagnose.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/diagnosis` */
export const getDiagnosisRoute = defineRoute({
  method: 'get',
  path: '/v1/diagnosis',
  operationId: 'getDiagnosis',
  summary: 'What is not settled, where it stands, and what a person should know of it',
  scopes: ['admin'],
  params: NoFields,
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: Diagnosis,
  handle: async (context) => ({ body: await diagnose(context) }),
});
