"""theta_t to theta_{t+1}: methods, step-size schedules, and the run as an iterator of steps."""
