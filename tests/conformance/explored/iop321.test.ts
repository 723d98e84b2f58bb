import { exploreSmallCases } from './small-cases';

describe('on iop321', () => exploreSmallCases('iop321'));
