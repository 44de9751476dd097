import { defineSignal } from '@temporalio/workflow';

/** To `recordChange`: a delivery may ask for admission again. */
export const wakeDelivery = defineSignal<[deliveryId: string]>('wakeDelivery');

/** To `wake`: begin again from the oldest delivery. */
export const wakeAgain = defineSignal('wakeAgain');
