import './elements/contribute.ts'
